/** The live C++ tool, in a Python process that outlives whatever takes the tool down. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Invocation } from '../goldens/run-transforms.ts';

export type ToolAnswer =
	| { readonly graph: Uint8Array }
	| { readonly error: string }
	| { readonly crash: string }
	| { readonly timeout: number };

export class Tool {
	readonly #python: string;
	readonly #folder: string | undefined;
	#process: ChildProcess | undefined;
	#lines: AsyncIterator<string> | undefined;
	#reader: Interface | undefined;

	/**
	 * @param python an interpreter that has `tensorflow`.
	 * @param folder where the tool runs; files that parameters name are looked for there.
	 */
	constructor(python: string, folder?: string) {
		this.#python = python;
		this.#folder = folder;
	}

	/** One question at a time. */
	async ask(graph: Uint8Array, invocation: Invocation): Promise<ToolAnswer> {
		if (!this.#process) await this.start();
		const { inputs, outputs, transforms } = invocation;
		this.#process!.stdin!.write(
			`${JSON.stringify({ graph: Buffer.from(graph).toString('base64'), inputs, outputs, transforms })}\n`,
		);
		const answer = (await this.line()) as { graph?: string } & Exclude<ToolAnswer, { graph: Uint8Array }>;
		return answer.graph === undefined ? answer : { graph: Buffer.from(answer.graph, 'base64') };
	}

	stop(): void {
		this.#process?.stdin?.end();
		this.#reader?.close();
		this.#process = undefined;
	}

	private async start(): Promise<void> {
		const script = fileURLToPath(new URL('tool.py', import.meta.url));
		this.#process = spawn(this.#python, [script], { cwd: this.#folder, stdio: ['pipe', 'pipe', 'ignore'] });
		this.#process.stdin!.on('error', () => {});
		this.#reader = createInterface({ input: this.#process.stdout! });
		this.#lines = this.#reader[Symbol.asyncIterator]();
		await this.line();
	}

	private async line(): Promise<unknown> {
		const line = await this.#lines!.next();
		if (line.done) throw new Error(`${this.#python} cannot run TensorFlow's transform tool`);
		return JSON.parse(line.value);
	}
}
