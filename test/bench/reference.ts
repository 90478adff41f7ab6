/** The C++ tool, where a Python with tensorflow is named by `WHITTLE_PYTHON`: measured in the same run. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Clock } from './measure.ts';

export interface ReferenceCall {
	readonly file: string;
	readonly inputs: readonly string[];
	readonly outputs: readonly string[];
	readonly transforms: string;
}

export class Reference {
	readonly #worker: ChildProcess;
	readonly #answers: AsyncIterator<string>;

	private constructor(worker: ChildProcess) {
		this.#worker = worker;
		this.#answers = createInterface({ input: worker.stdout! })[Symbol.asyncIterator]();
	}

	/** undefined where there is none: figures are then absolute only. */
	static async start(python = process.env.WHITTLE_PYTHON): Promise<Reference | undefined> {
		if (!python) return undefined;
		const script = fileURLToPath(new URL('reference.py', import.meta.url));
		const worker = spawn(python, [script], { stdio: ['pipe', 'pipe', 'ignore'] });
		worker.on('error', () => undefined);
		const reference = new Reference(worker);
		const ready = await reference.#answers.next();
		if (!ready.done) return reference;
		process.stderr.write(`WHITTLE_PYTHON=${python} has no tensorflow with the Graph Transform Tool.\n`);
		return undefined;
	}

	/** Milliseconds of one call; undefined where the tool stops with an error. */
	async time(
		{ file, inputs, outputs, transforms }: ReferenceCall,
		clock: Clock,
	): Promise<number | undefined> {
		const request = { file, inputs: inputs.join(','), outputs: outputs.join(','), transforms };
		this.#worker.stdin!.write(`${JSON.stringify(request)}\n`);
		const answer = await this.#answers.next();
		if (answer.done) throw new Error(`the C++ tool crashed in ${transforms}`);
		return (JSON.parse(answer.value) as { wall?: number; cpu?: number })[clock];
	}

	stop(): void {
		this.#worker.stdin!.end();
	}
}
