/** Runs lines: each statement becomes a cell, whatever happens in it. */
import { exitCodeOf, messageOf, WhittleError } from '../graph/error.ts';
import { type Answer, span, text } from '../session/answer.ts';
import type { Cell, LogEntry } from '../session/cell.ts';
import { plural } from '../session/figures.ts';
import type { Session } from '../session/session.ts';
import { countFlopsIfQuick, type Status, statusOf } from '../session/status.ts';
import { acceptWork, applyTransforms } from './apply.ts';
import type { CommandContext, RunContext, ScriptOptions, ScriptResult } from './define.ts';
import { commands } from './index.ts';
import { withVerdict } from './output-effect.ts';
import { type ParsedLine, parseLine } from './parse.ts';
import { applyStages } from './pipeline.ts';
import { writeAnswer } from './redirect.ts';
import { type Statement, StatementReader, splitStatements } from './statements.ts';
import { wordHint } from './word-hint.ts';

/**
 * Runs a line as it was typed or pasted. Of several statements each becomes a cell: the last one, or the first
 * that fails, is returned, those before it are given to `context.onCell`. Never throws for what a line can do
 * wrong: the cell then holds the error. An empty line accepts a pending preview.
 */
export async function runLine(session: Session, line: string, context: RunContext): Promise<Cell> {
	const statements = splitStatements(line);
	const last = statements.pop() ?? { text: '', line: 1 };
	for (const statement of statements) {
		const cell = await runStatement(session, statement, context, false);
		if (cellFailed(cell) || session.ended) return cell;
		context.onCell?.(cell);
	}
	return runStatement(session, last, context, false);
}

/**
 * Runs the statements of a text, or of lines as they arrive, until one fails or `quit`.
 * @returns the cells and the process exit code.
 */
export async function runScript(
	session: Session,
	source: string | AsyncIterable<string>,
	context: RunContext,
	options: ScriptOptions = {},
): Promise<ScriptResult> {
	const cells: Cell[] = [];
	for await (const statement of statementsOf(source)) {
		if (session.ended) break;
		const wanted = options.filter ? options.filter(statement.text) : statement.text;
		if (wanted === undefined) continue;
		const cell = await runStatement(
			session,
			{ ...statement, text: wanted },
			context,
			options.numbered ?? true,
		);
		cells.push(cell);
		options.onCell?.(cell);
		if (cellFailed(cell) && !options.keepGoing) break;
		if (!cell.ok && cell.error.code === 'interrupted') break;
	}
	return { cells, exitCode: exitCode(cells, options.keepGoing ?? false) };
}

/** An error, or a check that did not hold. */
function cellFailed(cell: Cell): boolean {
	return !cell.ok || cell.answer.failed === true;
}

function exitCode(cells: readonly Cell[], keepGoing: boolean): number {
	const failed = cells.find((cell) => !cell.ok);
	const unheld = cells.some((cell) => cell.ok && cell.answer.failed);
	if (failed && !failed.ok) {
		const code = exitCodeOf(failed.error.code);
		return keepGoing && code !== 130 ? 1 : code;
	}
	return unheld ? 4 : 0;
}

async function* statementsOf(source: string | AsyncIterable<string>): AsyncGenerator<Statement> {
	if (typeof source === 'string') {
		yield* splitStatements(source);
		return;
	}
	const reader = new StatementReader();
	for await (const piece of source) yield* reader.push(piece);
	yield* reader.end();
}

async function runStatement(
	session: Session,
	statement: Statement,
	context: RunContext,
	numbered: boolean,
): Promise<Cell> {
	const started = performance.now();
	const { pending } = session;
	const parsed = parseLine(statement.text, session.aliases, (word, near) => wordHint(session, word, near));
	const accepts =
		parsed.kind === 'empty' && pending?.step === (session.isOpen ? session.history.current.id : -1);
	session.pending = undefined;
	const stepBefore = session.isOpen ? session.history.current.id : undefined;
	let outcome: { answer: Answer } | { error: WhittleError };
	try {
		const full = contextOfLine(session, statement.text, context);
		if (accepts) outcome = { answer: await verified(session, acceptWork(session, pending!), full) };
		else outcome = { answer: await answerTo(session, parsed, full) };
	} catch (error) {
		outcome = { error: asWhittleError(error) };
	}
	let status: Status | undefined;
	try {
		countFlopsIfQuick(session);
		status = statusOf(session);
	} catch (error) {
		// A file may break off anywhere: what a figure needs is first read here.
		if (!('error' in outcome)) outcome = { error: asWhittleError(error) };
	}
	const frame = {
		cell: session.cells + 1,
		input: accepts ? pending!.input : statement.text,
		ms: Math.round((performance.now() - started) * 100) / 100,
		graph: status,
		...(numbered ? { line: statement.line } : {}),
	};
	const cell: Cell =
		'error' in outcome
			? { ...frame, ok: false, error: outcome.error }
			: { ...frame, ok: true, answer: outcome.answer };
	session.record({ cell, stepBefore, stepAfter: frame.graph?.step, ...kindOf(parsed, accepts) });
	return cell;
}

function kindOf(parsed: ParsedLine, accepts: boolean): Pick<LogEntry, 'scripted' | 'resumed'> {
	if (accepts || parsed.kind === 'transforms') return { scripted: 'step', resumed: true };
	if (parsed.kind !== 'command') return { scripted: 'never', resumed: false };
	return { scripted: parsed.command.scripted, resumed: parsed.command.resumed ?? false };
}

function contextOfLine(session: Session, line: string, context: RunContext): CommandContext {
	return {
		...context,
		line,
		commands,
		runScript: (script, options) => runScript(session, script, context, options),
	};
}

async function answerTo(session: Session, parsed: ParsedLine, context: CommandContext): Promise<Answer> {
	if (parsed.kind === 'empty') return { kind: 'text', data: { text: '' }, blocks: [] };
	if (parsed.kind === 'error') throw parsed.error;
	if (parsed.kind === 'transforms')
		return verified(session, await answerTransforms(session, parsed, context), context);
	const { command, args, pipeline } = parsed;
	if (!command.withoutModel) session.model;
	const full: CommandContext = { ...context, redirect: pipeline.redirect };
	const answer = applyStages(await command.run(session, args, full), pipeline.stages);
	if (pipeline.redirect === undefined || command.redirect === 'own')
		return withoutRepeat(answer, context.line);
	return writeAnswer(session, answer, pipeline.redirect, context);
}

/** What was just done is no advice. */
function withoutRepeat(answer: Answer, line: string): Answer {
	if (!answer.next?.includes(line.trim())) return answer;
	return { ...answer, next: answer.next.filter((next) => next !== line.trim()) };
}

/** `set verify auto`: every step is held against the graph as opened. */
async function verified(session: Session, answer: Answer, context: CommandContext): Promise<Answer> {
	const wanted = session.settings.get('verify') === 'auto' && !context.replaying;
	return wanted ? withVerdict(session, answer, context) : answer;
}

type Transforms = Extract<ParsedLine, { kind: 'transforms' }>;

async function answerTransforms(session: Session, parsed: Transforms, context: RunContext): Promise<Answer> {
	const { history } = session;
	const before = history.current.endpoints;
	if (parsed.inputs) session.setInputs(parsed.inputs);
	if (parsed.outputs) session.setOutputs(parsed.outputs);
	try {
		const answer = await applyTransforms(session, parsed.invocations, context);
		const notes = [...parsed.notes];
		if (parsed.inputs || parsed.outputs) {
			const { inputs, outputs } = session;
			notes.push(
				`${plural(inputs.length, 'input')} and ${plural(outputs.length, 'output')} set as the line says`,
			);
		}
		const lines = notes.map((note) => [span(`   ${note}`, 'dim')]);
		return lines.length > 0 ? { ...answer, blocks: [...answer.blocks, text(...lines)] } : answer;
	} catch (error) {
		history.setEndpoints(before);
		throw error;
	}
}

function asWhittleError(error: unknown): WhittleError {
	if (error instanceof WhittleError) return error;
	const what = messageOf(error);
	return new WhittleError('internal', `whittle failed: ${what}`, {
		hint: 'This is a fault in whittle; the graph is as it was.',
		cause: error,
	});
}
