/** A session on a model file, as the shell has it, for measuring lines. */
import type { RunContext } from '../../src/commands/define.ts';
import { runLine } from '../../src/commands/runner.ts';
import { renderPlain } from '../../src/render/plain.ts';
import type { GoodCell } from '../../src/session/cell.ts';
import { NodeHost } from '../../src/session/node-host.ts';
import { Session } from '../../src/session/session.ts';

const context: RunContext = {
	signal: new AbortController().signal,
	interactive: false,
	progress: () => undefined,
	pause: () => Promise.resolve(),
	plain: renderPlain,
};

export class BenchSession {
	readonly session = new Session(new NodeHost());

	/** Opens a model and sets its inputs and outputs. */
	static async open(
		file: string,
		inputs: readonly string[] = [],
		outputs: readonly string[] = [],
	): Promise<BenchSession> {
		const made = new BenchSession();
		await made.run(`open ${file}`);
		if (inputs.length > 0) await made.run(`inputs ${inputs.join(' ')}`);
		if (outputs.length > 0) await made.run(`outputs ${outputs.join(' ')}`);
		return made;
	}

	/** Runs a line that must work. */
	async run(line: string): Promise<GoodCell> {
		const cell = await runLine(this.session, line, context);
		if (!cell.ok) throw new Error(`${line}: ${cell.error.message}`, { cause: cell.error });
		return cell;
	}
}
