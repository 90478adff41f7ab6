/** The live C++ tool, in a Python process that is started again whenever the tool takes it down. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface, type Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Invocation } from '../goldens/run-transforms.ts';

export type ToolAnswer =
	| { readonly graph: Uint8Array }
	| { readonly error: string }
	| { readonly crash: string }
	| { readonly timeout: number };

const TIMEOUT_SECONDS = 20;

export class Tool {
	readonly #python: string;
	#process: ChildProcess | undefined;
	#lines: AsyncIterator<string> | undefined;
	#reader: Interface | undefined;

	/** @param python an interpreter that has `tensorflow`. */
	constructor(python: string) {
		this.#python = python;
	}

	async ask(graph: Uint8Array, invocation: Invocation): Promise<ToolAnswer> {
		if (!this.#process) await this.start();
		const process = this.#process!;
		const { inputs, outputs, transforms } = invocation;
		process.stdin!.write(
			`${JSON.stringify({ graph: Buffer.from(graph).toString('base64'), inputs, outputs, transforms })}\n`,
		);
		let timer: NodeJS.Timeout | undefined;
		const late = new Promise<'late'>((resolve) => {
			timer = setTimeout(() => resolve('late'), TIMEOUT_SECONDS * 1000);
		});
		const line = await Promise.race([this.#lines!.next(), late]);
		clearTimeout(timer);
		if (line === 'late') {
			this.stop();
			return { timeout: TIMEOUT_SECONDS };
		}
		if (line.done) {
			this.stop();
			return { crash: process.signalCode ?? `exit code ${process.exitCode}` };
		}
		const answer = JSON.parse(line.value) as { graph?: string; error?: string };
		if (answer.error !== undefined) return { error: answer.error };
		return { graph: Buffer.from(answer.graph!, 'base64') };
	}

	stop(): void {
		this.#reader?.close();
		this.#process?.kill('SIGKILL');
		this.#process = undefined;
	}

	private async start(): Promise<void> {
		const script = fileURLToPath(new URL('tool.py', import.meta.url));
		this.#process = spawn(this.#python, [script], { stdio: ['pipe', 'pipe', 'ignore'] });
		this.#process.stdin!.on('error', () => {});
		this.#reader = createInterface({ input: this.#process.stdout! });
		this.#lines = this.#reader[Symbol.asyncIterator]();
		const first = await this.#lines.next();
		if (first.done) throw new Error(`${this.#python} cannot load TensorFlow's transform tool`);
	}
}
