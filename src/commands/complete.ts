/** What may stand at the cursor: from the declarations of transforms and commands, and from the graph that is open. */
import type { Session } from '../session/session.ts';
import { settingDeclarations } from '../session/settings.ts';
import { transforms } from '../transforms/index.ts';
import { optionName } from './argument-values.ts';
import { type Candidate, completeNames, matching, opTypes } from './complete-names.ts';
import { completeQueryText } from './complete-query.ts';
import { completeTransforms } from './complete-transforms.ts';
import type { Argument, ArgumentSubject, Command } from './define.ts';
import { commandByName, commands } from './index.ts';
import { splitWords } from './words.ts';

export interface Completion {
	/** The part of the line that a candidate takes the place of. */
	readonly start: number;
	readonly end: number;
	/** Best first. */
	readonly items: readonly Candidate[];
}

/** What completion asks the machine. */
export interface CompletionWorld {
	readonly session: Session;
	/** Names in a folder, those of folders with a `/` behind; empty where it cannot be read. */
	listFolder(path: string): readonly string[];
}

/** Pure but for {@link CompletionWorld.listFolder}; undefined where nothing can be said. */
export function complete(world: CompletionWorld, text: string, cursor: number): Completion | undefined {
	const head = text.slice(0, cursor);
	const first = /^\s*([^\s(?]*)$/.exec(head);
	if (first) return firstWords(world.session, first[1]!, cursor);
	const [, blank, word] = /^(\s*)([^\s(?]+)/.exec(head) ?? ['', '', ''];
	const command = commandByName(word);
	const at = blank!.length + word!.length;
	if (command && head[at] !== '(') return completeArguments(world, command, head, at);
	return completeTransforms(world, head, 0);
}

function firstWords(session: Session, typed: string, cursor: number): Completion {
	const known: Candidate[] = [
		...transforms.map((item) => ({ text: item.name, summary: item.summary })),
		...commands.map((item) => ({ text: item.name, summary: item.summary })),
		...[...session.aliases].map(([name, line]) => ({ text: name, summary: `alias: ${line}` })),
	];
	return { start: cursor - typed.length, end: cursor, items: matching(typed, known) };
}

/** @param at where the text behind the command's name begins. */
function completeArguments(
	world: CompletionWorld,
	command: Command,
	head: string,
	at: number,
): Completion | undefined {
	const pipe = /\|\s*(\w*)$/.exec(head);
	if (pipe && command.redirect !== 'none') return stages(pipe[1]!, head.length);
	const redirect = />\s*(\S*)$/.exec(head);
	if (redirect && command.redirect !== 'none' && command.name !== 'find')
		return files(world, redirect[1]!, head.length);
	const args = Object.entries(command.args);
	const words = splitWords(head.slice(at), at);
	const last = words.at(-1);
	const current = last && last.end === head.length ? last.text : '';
	const before = current === '' ? words : words.slice(0, -1);
	if (current.startsWith('--')) return options(args, current, head.length);
	const option = args.find(
		([name, argument]) => argument.kind === 'option' && before.at(-1)?.text === `--${optionName(name)}`,
	);
	if (option) return bySubject(world, option[1], current, head);
	const line = args.find(([, argument]) => argument.kind === 'line')?.[1];
	if (line?.subject === 'query') return completeQueryText(world.session, head, at);
	if (line && (line.subject === 'transforms' || line.subject === 'transform'))
		return completeTransforms(world, head, lineStart(args, words, at));
	const place = before.filter((item) => !item.text.startsWith('--')).length;
	const positional = args
		.map(([, argument]) => argument)
		.filter((a) => a.kind === 'positional' || a.kind === 'rest' || a.kind === 'line');
	const argument = positional[place] ?? positional.find((a) => a.kind === 'rest');
	return argument && bySubject(world, argument, current, head);
}

/** Where the free line of a command begins: behind its positional words. */
function lineStart(
	args: readonly (readonly [string, Argument<unknown>])[],
	words: readonly { end: number }[],
	at: number,
): number {
	const count = args.filter(([, argument]) => argument.kind === 'positional').length;
	return count > 0 && words.length >= count ? words[count - 1]!.end : at;
}

function options(
	args: readonly (readonly [string, Argument<unknown>])[],
	typed: string,
	cursor: number,
): Completion {
	const known = args
		.filter(([, argument]) => argument.kind === 'option' || argument.kind === 'flag')
		.map(([name, argument]) => ({ text: `--${optionName(name)}`, summary: argument.summary }));
	return { start: cursor - typed.length, end: cursor, items: matching(typed, known) };
}

function stages(typed: string, cursor: number): Completion {
	const known = [
		{ text: 'sort', summary: 'by a column; -column for the largest first' },
		{ text: 'head', summary: 'the first rows' },
		{ text: 'tail', summary: 'the last rows' },
		{ text: 'grep', summary: 'rows that hold a text or /pattern/' },
	];
	return { start: cursor - typed.length, end: cursor, items: matching(typed, known) };
}

function bySubject(
	world: CompletionWorld,
	argument: Argument<unknown>,
	typed: string,
	head: string,
): Completion | undefined {
	const start = head.length - typed.length;
	const end = head.length;
	if (argument.values)
		return {
			start,
			end,
			items: matching(
				typed,
				argument.values.map((text) => ({ text, summary: '' })),
			),
		};
	if (argument.subject === 'file') return files(world, typed, end);
	const items = candidates(world.session, argument.subject, typed);
	return items && { start, end, items };
}

function candidates(
	session: Session,
	subject: ArgumentSubject,
	typed: string,
): readonly Candidate[] | undefined {
	switch (subject) {
		case 'transform':
		case 'transforms':
			return matching(
				typed,
				transforms.map((item) => ({ text: item.name, summary: item.summary })),
			);
		case 'command':
		case 'word':
			return firstWords(session, typed, typed.length).items;
		case 'setting':
			return matching(
				typed,
				settingDeclarations.map((item) => ({ text: item.name, summary: item.summary })),
			);
	}
	if (!session.isOpen) return undefined;
	if (subject === 'node' || subject === 'tensor' || subject === 'scope')
		return completeNames(session.graph, typed, subject === 'scope');
	if (subject === 'op') return opTypes(session.graph, typed);
	if (subject === 'step') return steps(session, typed);
	return undefined;
}

function steps(session: Session, typed: string): readonly Candidate[] {
	const known = session.history.steps.flatMap((step) => {
		const labelled = step.label ? [{ text: step.label, summary: `step ${step.id}: ${step.input}` }] : [];
		return [...labelled, { text: String(step.id), summary: step.input }];
	});
	return known.filter((item) => item.text.startsWith(typed));
}

/** Files and folders that begin as typed; hidden ones only when a dot is. */
function files(world: CompletionWorld, typed: string, cursor: number): Completion {
	const slash = typed.lastIndexOf('/') + 1;
	const [folder, name] = [typed.slice(0, slash), typed.slice(slash)];
	const items = world
		.listFolder(folder || '.')
		.filter((entry) => entry.startsWith(name) && (name.startsWith('.') || !entry.startsWith('.')))
		.slice(0, 200)
		.map((entry) => ({ text: folder + entry, summary: entry.endsWith('/') ? 'folder' : '' }));
	return { start: cursor - typed.length, end: cursor, items };
}
