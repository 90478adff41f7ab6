/** A terminal for tests: the program under a real pseudo-terminal, its screen read back through xterm. */
import { spawn } from '@lydell/node-pty';
import xterm from '@xterm/headless';

/** Keys by name, as an xterm sends them. */
export const keys = {
	enter: '\r',
	tab: '\t',
	escape: '\x1b',
	backspace: '\x7f',
	up: '\x1b[A',
	down: '\x1b[B',
	right: '\x1b[C',
	left: '\x1b[D',
	home: '\x1b[H',
	ctrlC: '\x03',
	ctrlD: '\x04',
	ctrlR: '\x12',
	ctrlZ: '\x1a',
} as const;

export interface TerminalOptions {
	readonly columns?: number;
	readonly rows?: number;
	readonly cwd: string;
	/** Added to an environment without anything of the machine's own. */
	readonly env?: Readonly<Record<string, string>>;
}

/** How long a condition is waited for: CI machines are slow, and a broken test may take its time. */
const PATIENCE = 30_000;

export class TestTerminal {
	readonly #pty;
	readonly #screen;
	/** Everything the program has written. */
	output = '';
	/** Set once it has ended. */
	exitCode: number | undefined;

	constructor(program: readonly string[], options: TerminalOptions) {
		const { columns = 80, rows = 24, cwd, env = {} } = options;
		this.#screen = new xterm.Terminal({
			cols: columns,
			rows,
			scrollback: 50_000,
			allowProposedApi: true,
		});
		this.#pty = spawn(process.execPath, [...program], {
			name: env.TERM ?? 'xterm-256color',
			cols: columns,
			rows,
			cwd,
			env: {
				PATH: process.env.PATH ?? '',
				HOME: cwd,
				WHITTLE_HOME: `${cwd}/state`,
				LANG: 'C.UTF-8',
				// The screen is xterm.js, as in Visual Studio Code.
				TERM_PROGRAM: 'vscode',
				...env,
			},
		});
		this.#pty.onData((data) => {
			this.output += data;
			this.#screen.write(data);
		});
		// Answers to what the program asks the terminal.
		this.#screen.onData((data) => {
			if (this.exitCode === undefined) this.#pty.write(data);
		});
		this.#pty.onExit(({ exitCode }) => {
			this.exitCode = exitCode;
		});
	}

	get pid(): number {
		return this.#pty.pid;
	}

	/** Sends keys as they are; text is sent in one piece, as fast typing or an unbracketed paste is. */
	send(text: string): void {
		this.#pty.write(text);
	}

	/** As a terminal sends a paste when asked to mark it. */
	paste(text: string): void {
		this.send(`\x1b[200~${text.replaceAll('\n', '\r')}\x1b[201~`);
	}

	/** Sends a line and waits for its cell: the prompt of the next one, with nothing running. */
	async run(line: string): Promise<void> {
		const next = this.cell + 1;
		this.send(`${line}\r`);
		await this.until(`prompt ${next}`, () => this.cell === next);
	}

	/** The number in the prompt; 0 where there is none. */
	get cell(): number {
		const prompt = this.screen().findLast((line) => /^whittle\[\d+\]>/.test(line));
		return Number(/^whittle\[(\d+)\]/.exec(prompt ?? '')?.[1] ?? 0);
	}

	/** What is seen, row by row, without blanks at their ends. */
	screen(): string[] {
		const { viewportY } = this.#screen.buffer.active;
		return this.#rows(viewportY, viewportY + this.#screen.rows);
	}

	/** The scrollback and the screen. */
	all(): string[] {
		return this.#rows(0, this.#screen.buffer.active.length);
	}

	/** Lines of {@link all} that hold a text. */
	count(text: string): number {
		return this.all().filter((line) => line.includes(text)).length;
	}

	#rows(from: number, to: number): string[] {
		const buffer = this.#screen.buffer.active;
		const rows: string[] = [];
		for (let y = from; y < to; y++) rows.push(buffer.getLine(y)?.translateToString(true).trimEnd() ?? '');
		return rows;
	}

	get cursor(): { readonly x: number; readonly y: number } {
		const { cursorX: x, cursorY: y } = this.#screen.buffer.active;
		return { x, y };
	}

	/** Whether the alternate screen is on. */
	get alternate(): boolean {
		return this.#screen.buffer.active.type === 'alternate';
	}

	/** Cells of a row with their colours, for pictures. */
	row(y: number) {
		return this.#screen.buffer.active.getLine(y);
	}

	get size(): { readonly columns: number; readonly rows: number; readonly top: number } {
		const { cols, rows, buffer } = this.#screen;
		return { columns: cols, rows, top: buffer.active.viewportY };
	}

	resize(columns: number, rows: number): void {
		this.#pty.resize(columns, rows);
		this.#screen.resize(columns, rows);
	}

	/** Waits until the screen shows a text or pattern. */
	async shows(what: string | RegExp): Promise<void> {
		await this.until(String(what), () => {
			const text = this.screen().join('\n');
			return typeof what === 'string' ? text.includes(what) : what.test(text);
		});
	}

	/** Waits until a condition holds. @throws Error with the screen as it then is. */
	async until(what: string, holds: () => boolean): Promise<void> {
		const end = Date.now() + PATIENCE;
		while (!holds()) {
			if (Date.now() > end) throw new Error(`no ${what} on the screen:\n${this.screen().join('\n')}`);
			await new Promise((resolve) => setTimeout(resolve, 10));
		}
	}

	/** Waits until nothing more is written for a while. */
	async quiet(milliseconds = 150): Promise<void> {
		let length = -1;
		while (length !== this.output.length) {
			length = this.output.length;
			await new Promise((resolve) => setTimeout(resolve, milliseconds));
		}
	}

	async ended(): Promise<number> {
		await this.until('end', () => this.exitCode !== undefined);
		return this.exitCode!;
	}

	kill(signal: 'SIGKILL' | 'SIGTERM' | 'SIGHUP' = 'SIGKILL'): void {
		if (this.exitCode === undefined) process.kill(this.pid, signal);
	}
}
