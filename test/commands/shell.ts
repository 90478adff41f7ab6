/** A session without a terminal, for tests of commands. */

import type { RunContext, ScriptOptions, ScriptResult } from '../../src/commands/define.ts';
import { runLine, runScript } from '../../src/commands/runner.ts';
import type { WhittleError } from '../../src/graph/error.ts';
import type { Graph } from '../../src/graph/graph.ts';
import { renderPlain } from '../../src/render/plain.ts';
import type { Cell, FailedCell, GoodCell } from '../../src/session/cell.ts';
import { Session } from '../../src/session/session.ts';
import { MemoryHost } from '../session/memory-host.ts';

export function quietContext(changes: Partial<RunContext> = {}): RunContext {
	return {
		signal: new AbortController().signal,
		interactive: false,
		progress: () => undefined,
		pause: () => Promise.resolve(),
		plain: renderPlain,
		...changes,
	};
}

export class TestShell {
	readonly host: MemoryHost;
	readonly session: Session;
	readonly context: RunContext;

	constructor(files: Readonly<Record<string, Graph | string>> = {}, context: Partial<RunContext> = {}) {
		this.host = new MemoryHost(files);
		this.session = new Session(this.host);
		this.context = quietContext(context);
	}

	cell(line: string): Promise<Cell> {
		return runLine(this.session, line, this.context);
	}

	/** The cell of a line that must work. */
	async run(line: string): Promise<GoodCell> {
		const cell = await this.cell(line);
		if (!cell.ok)
			throw new Error(`${line}: ${cell.error.message} ${cell.error.hint ?? ''}`, { cause: cell.error });
		return cell;
	}

	/** The plain text of a line that must work. */
	async text(line: string): Promise<string> {
		return renderPlain((await this.run(line)).answer.blocks);
	}

	/** The data of a line that must work. */
	async data<T = Record<string, unknown>>(line: string): Promise<T> {
		return (await this.run(line)).answer.data as T;
	}

	/** The error of a line that must not work. */
	async error(line: string): Promise<WhittleError> {
		const cell = await this.cell(line);
		if (cell.ok) throw new Error(`${line} worked, and should not have`);
		return (cell satisfies FailedCell).error;
	}

	script(text: string | AsyncIterable<string>, options?: ScriptOptions): Promise<ScriptResult> {
		return runScript(this.session, text, this.context, options);
	}
}
