/**
 * The shell without its face: keys come in, lines are run, and a snapshot says what is to be seen. Ink draws
 * snapshots (`app.tsx`); tests read them.
 */
import { setImmediate } from 'node:timers/promises';
import { complete } from '../commands/complete.ts';
import type { RunContext } from '../commands/define.ts';
import { NameIndex } from '../commands/name-index.ts';
import { runLine } from '../commands/runner.ts';
import { WhittleError } from '../graph/error.ts';
import { renderPlain } from '../render/plain.ts';
import type { Cell } from '../session/cell.ts';
import type { Session } from '../session/session.ts';
import { statusOf } from '../session/status.ts';
import { FlopsLater } from './flops-later.ts';
import type { KeyEvent } from './keypress.ts';
import { keysPage } from './keys-page.ts';
import type { PromptHistory } from './prompt-history.ts';
import { type Effect, emptyPrompt, inNewWorld, type PromptWorld, reducePrompt } from './prompt-model.ts';
import type { Snapshot, Surroundings } from './snapshot.ts';
import { setText } from './text-buffer.ts';

const PAGES = new Map([['keys', keysPage()]]);

export class ShellController {
	readonly session: Session;
	readonly history: PromptHistory;
	/** Writes a cell past the face, where it is too long for it; says whether it did. */
	print: (cell: Cell) => boolean = () => false;
	readonly #around: Surroundings;
	readonly #flops = new FlopsLater();
	readonly #listeners = new Set<() => void>();
	#snapshot: Snapshot;
	#abort: AbortController | undefined;
	#warnedUnsaved = false;
	#nextId = 0;

	constructor(session: Session, history: PromptHistory, around: Surroundings) {
		this.session = session;
		this.history = history;
		this.#around = around;
		this.#snapshot = {
			opening: undefined,
			prompt: emptyPrompt,
			finished: [],
			running: undefined,
			queued: [],
			status: statusOf(session),
			next: session.cells + 1,
			offers: [],
			notice: undefined,
			pending: undefined,
			viewing: false,
		};
	}

	readonly snapshot = (): Snapshot => this.#snapshot;

	readonly subscribe = (listener: () => void): (() => void) => {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	};

	/**
	 * A model is being read: lines wait for it, and Ctrl-C stops the reading.
	 * @param what its name.
	 * @returns what the reading runs in.
	 */
	opening(what: string): RunContext {
		this.#set({ opening: what });
		return this.#begin(`open ${what}`);
	}

	#begin(line: string): RunContext {
		this.#abort = new AbortController();
		const started = performance.now();
		this.#set({
			running: { line, started, done: 0, total: 0, label: undefined, stopping: false },
			offers: [],
		});
		return this.#context(this.#abort.signal);
	}

	/** The model is there. @param lines what is said of it. @param offers what may be done first. */
	opened(lines: readonly string[], offers: readonly string[]): void {
		this.#set({
			opening: undefined,
			finished: [{ id: this.#nextId++, lines }],
			offers,
			status: statusOf(this.session),
			next: this.session.cells + 1,
		});
		this.#newGraph();
		this.#goOn();
	}

	/** What was typed while something ran. */
	#goOn(): void {
		const [next, ...queued] = this.#snapshot.queued;
		this.#set({ running: undefined, queued });
		if (next !== undefined) void this.#run(next);
		else if (this.session.settings.get('reader') === 'on') this.#around.leave('other layout');
	}

	/**
	 * What has been typed so far is completed from the graph that is there now. Its names are sorted while nobody
	 * waits, so that the first letter of one is not late.
	 */
	#newGraph(): void {
		this.#set({ prompt: inNewWorld(this.#snapshot.prompt, this.#world()) });
		setTimeout(() => {
			if (this.session.isOpen) NameIndex.of(this.session.graph).prepare();
		}, 20).unref();
		this.#flops.start(
			this.session,
			() => this.#snapshot.running !== undefined,
			() => this.refresh(),
		);
	}

	/** The face is gone: nothing goes on behind it. */
	stop(): void {
		this.#flops.stop();
	}

	/** Takes the live part off the screen. */
	hide(): void {
		this.#set({ viewing: true });
	}

	/** Draws again: the width or the theme has changed, or figures have come in. */
	refresh(): void {
		this.#set({ status: statusOf(this.session) });
	}

	keys(events: readonly KeyEvent[]): void {
		for (const event of events) {
			const { state, effect } = reducePrompt(this.#snapshot.prompt, event, this.#world());
			this.#set({ prompt: state, notice: undefined });
			if (effect) this.#effect(effect);
		}
	}

	#world(): PromptWorld {
		const world = { session: this.session, listFolder: (path: string) => this.#around.listFolder(path) };
		return {
			history: this.history,
			offers: this.#snapshot.offers,
			complete: (text, cursor) => complete(world, text, cursor),
		};
	}

	#effect(effect: Effect): void {
		switch (effect.type) {
			case 'submit':
				this.#submit(effect.line);
				break;
			case 'interrupt':
				this.#interrupt();
				break;
			case 'dismiss':
				this.#dropPreview();
				break;
			case 'leave':
				this.#leave();
				break;
			case 'suspend':
				this.#around.suspend();
				break;
			case 'repaint':
				this.#around.repaint();
				break;
			case 'editor':
				void this.#edit();
				break;
		}
	}

	#submit(line: string): void {
		if (line.trim() === '' && !this.session.pending) return;
		this.history.add(line);
		if (this.#snapshot.running) this.#set({ queued: [...this.#snapshot.queued, line] });
		else void this.#run(line);
	}

	#interrupt(): void {
		const { running, queued } = this.#snapshot;
		if (!running) return;
		this.#abort?.abort();
		this.#set({
			running: { ...running, stopping: true },
			queued: [],
			notice: queued.length > 0 ? 'queued lines dropped' : undefined,
		});
	}

	#dropPreview(): void {
		if (!this.session.pending || this.#snapshot.running) return;
		this.session.pending = undefined;
		this.#set({ pending: undefined, notice: 'preview dropped; the graph is as it was' });
	}

	#leave(): void {
		if (this.#snapshot.running) return;
		if (this.session.saved || this.#warnedUnsaved) {
			this.#around.leave(0);
			return;
		}
		this.#warnedUnsaved = true;
		this.#set({
			notice: 'The graph is not saved: `save FILE` writes it. Ctrl-D again leaves; --resume brings it back.',
		});
	}

	async #edit(): Promise<void> {
		const text = await this.#around.editText(this.#snapshot.prompt.buffer.text);
		if (text === undefined) return;
		this.#set({
			prompt: { ...emptyPrompt, buffer: setText(this.#snapshot.prompt.buffer, text.replace(/\n$/, '')) },
		});
	}

	async #run(line: string): Promise<void> {
		const context = this.#begin(line);
		// The frame that shows the empty prompt comes before the work.
		await setImmediate();
		const cell = await runLine(this.session, line, context);
		this.#abort = undefined;
		this.#finish(cell);
		const viewer = cell.ok ? cell.answer.viewer : undefined;
		if (viewer) {
			this.#set({ viewing: true });
			await this.#around.view(viewer);
			this.#set({ viewing: false });
		}
		if (this.session.ended) {
			this.#around.leave(0);
			return;
		}
		this.#goOn();
	}

	#finish(cell: Cell): void {
		this.#around.onCell?.(cell);
		if (this.session.saved) this.#warnedUnsaved = false;
		this.#set({
			finished: this.print(cell)
				? this.#snapshot.finished
				: [...this.#snapshot.finished, { id: this.#nextId++, cell }],
			status: statusOf(this.session),
			next: this.session.cells + 1,
			offers: cell.ok ? (cell.answer.next ?? []) : [],
			pending: this.session.pending?.input,
		});
		this.#newGraph();
	}

	#context(signal: AbortSignal): RunContext {
		return {
			signal,
			interactive: true,
			width: this.#around.columns(),
			progress: (done, total, label) => {
				const { running } = this.#snapshot;
				if (running) this.#set({ running: { ...running, done, total, label } });
			},
			async pause() {
				await setImmediate();
				if (signal.aborted)
					throw new WhittleError('interrupted', 'Stopped.', { hint: 'The graph is as it was.' });
			},
			plain: renderPlain,
			onCell: (cell) => this.#finish(cell),
			helpPages: PAGES,
		};
	}

	#set(change: Partial<Snapshot>): void {
		this.#snapshot = { ...this.#snapshot, ...change };
		for (const listener of this.#listeners) listener();
	}
}
