/** The terminal as a device: raw input as keys, modes that are always set back, the alternate screen. */
import { StringDecoder } from 'node:string_decoder';
import { type KeyEvent, KeyReader } from './keypress.ts';

const PASTE_ON = '\x1b[?2004h';
const PASTE_OFF = '\x1b[?2004l';
const SHOW_CURSOR = '\x1b[?25h';
const ALTERNATE_ON = '\x1b[?1049h\x1b[?25l';
const ALTERNATE_OFF = '\x1b[?1049l';

/** A lone Escape is told from the beginning of a sequence by nothing following it for so long. */
const ESCAPE_WAIT = 40;
/** A paste whose end never comes is taken as it is. */
const PASTE_WAIT = 2000;

export class Terminal {
	readonly stdin: NodeJS.ReadStream;
	readonly stdout: NodeJS.WriteStream;
	readonly #reader = new KeyReader();
	readonly #decoder = new StringDecoder('utf8');
	#onKeys: (events: KeyEvent[]) => void = () => {};
	#timer: NodeJS.Timeout | undefined;
	#started = false;
	#alternate = false;
	/** Whether nothing has been read yet. */
	#fresh = true;

	constructor(stdin: NodeJS.ReadStream, stdout: NodeJS.WriteStream) {
		this.stdin = stdin;
		this.stdout = stdout;
		// Ink would take a terminal that does not know its size for one without rows, and clear it at every frame.
		if (!stdout.rows) stdout.rows = 24;
		if (!stdout.columns) stdout.columns = 80;
	}

	get columns(): number {
		return this.stdout.columns;
	}

	get rows(): number {
		return this.stdout.rows;
	}

	/** Sets the modes: as early as can be, so that nothing typed ahead is echoed. Keys wait until {@link start}. */
	open(): void {
		this.#setModes();
		process.on('exit', this.#restore);
	}

	/** Begins to read, and hands over what was typed ahead. */
	start(onKeys: (events: KeyEvent[]) => void): void {
		this.#onKeys = onKeys;
		this.stdin.on('data', this.#onData);
		this.stdin.resume();
	}

	/** Who gets the keys from now on. */
	listen(onKeys: (events: KeyEvent[]) => void): void {
		this.#onKeys = onKeys;
	}

	stop(): void {
		this.stdin.off('data', this.#onData);
		this.stdin.pause();
		clearTimeout(this.#timer);
		process.off('exit', this.#restore);
		this.#restore();
	}

	/** Gives the terminal to somebody else, and takes it back when `body` is done. */
	lend<T>(body: () => T): T {
		this.#restore();
		try {
			return body();
		} finally {
			this.#setModes();
		}
	}

	/** As Ctrl-Z in any program: stops the process, and sets the modes again when it goes on. */
	suspend(onContinue: () => void): void {
		this.#restore();
		process.once('SIGCONT', () => {
			this.#setModes();
			onContinue();
		});
		process.kill(process.pid, 'SIGSTOP');
	}

	enterAlternate(): void {
		this.#alternate = true;
		this.stdout.write(ALTERNATE_ON);
	}

	leaveAlternate(): void {
		this.#alternate = false;
		this.stdout.write(ALTERNATE_OFF);
	}

	#setModes(): void {
		this.stdin.setRawMode(true);
		this.stdout.write(PASTE_ON);
		this.#started = true;
	}

	readonly #restore = (): void => {
		if (!this.#started) return;
		this.#started = false;
		if (this.#alternate) this.leaveAlternate();
		this.stdout.write(PASTE_OFF + SHOW_CURSOR);
		this.stdin.setRawMode(false);
	};

	readonly #onData = (chunk: Buffer | string): void => {
		clearTimeout(this.#timer);
		const raw = typeof chunk === 'string' ? chunk : this.#decoder.write(chunk);
		// What was typed before the modes were set has been through the terminal's line editor: Enter became LF.
		const text = this.#fresh ? raw.replaceAll('\n', '\r') : raw;
		this.#fresh = false;
		const events = this.#reader.push(text);
		if (events.length > 0) this.#onKeys(events);
		if (this.#reader.pending) this.#wait();
	};

	#wait(): void {
		this.#timer = setTimeout(
			() => {
				const events = this.#reader.flush();
				if (events.length > 0) this.#onKeys(events);
			},
			this.#reader.inPaste ? PASTE_WAIT : ESCAPE_WAIT,
		);
	}
}
