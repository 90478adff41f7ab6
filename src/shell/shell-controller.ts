/**
 * The shell without its face: keys come in, lines are run (`line-runner.ts`), and a snapshot says what is to be seen.
 * Ink draws snapshots (`app.tsx`); tests read them.
 */
import { complete } from '../commands/complete.ts';
import type { RunContext } from '../commands/define.ts';
import { NameIndex } from '../commands/name-index.ts';
import type { Cell } from '../session/cell.ts';
import type { Session } from '../session/session.ts';
import { statusOf } from '../session/status.ts';
import { FlopsLater } from './flops-later.ts';
import type { KeyEvent } from './keypress.ts';
import { LineRunner } from './line-runner.ts';
import type { PromptHistory } from './prompt-history.ts';
import { type Effect, emptyPrompt, inNewWorld, type PromptWorld, reducePrompt } from './prompt-model.ts';
import type { Snapshot, Surroundings } from './snapshot.ts';
import { SnapshotStore } from './snapshot-store.ts';
import { setText } from './text-buffer.ts';

export class ShellController {
	readonly session: Session;
	readonly history: PromptHistory;
	/** Writes a cell past the face, where it is too long for it; says whether it did. */
	print: (cell: Cell) => boolean = () => false;
	readonly #around: Surroundings;
	readonly #flops = new FlopsLater();
	readonly #shown: SnapshotStore;
	readonly #lines: LineRunner;
	#warnedUnsaved = false;
	#nextId = 0;

	constructor(session: Session, history: PromptHistory, around: Surroundings) {
		this.session = session;
		this.history = history;
		this.#around = around;
		this.#shown = new SnapshotStore(session);
		this.#lines = new LineRunner(session, around, this.#shown, (cell) => this.#finish(cell));
	}

	readonly snapshot = (): Snapshot => this.#shown.now();

	readonly subscribe = (listener: () => void): (() => void) => this.#shown.subscribe(listener);

	/**
	 * A model is being read: lines wait for it, and Ctrl-C stops the reading.
	 * @param what its name.
	 * @returns what the reading runs in.
	 */
	opening(what: string): RunContext {
		this.#shown.set({ opening: what });
		return this.#lines.begin(`open ${what}`);
	}

	/** The model is there. @param lines what is said of it. @param offers what may be done first. */
	opened(lines: readonly string[], offers: readonly string[]): void {
		this.#shown.set({
			opening: undefined,
			finished: [{ id: this.#nextId++, lines }],
			offers,
			status: statusOf(this.session),
			next: this.session.cells + 1,
		});
		this.#newGraph();
		this.#lines.goOn();
	}

	/**
	 * What has been typed so far is completed from the graph that is there now. Its names are sorted while nobody
	 * waits, so that the first letter of one is not late.
	 */
	#newGraph(): void {
		this.#shown.set({ prompt: inNewWorld(this.snapshot().prompt, this.#world()) });
		setTimeout(() => {
			if (this.session.isOpen) NameIndex.of(this.session.graph).prepare();
		}, 20).unref();
		this.#flops.start(
			this.session,
			() => this.snapshot().running !== undefined,
			() => this.refresh(),
		);
	}

	/** The face is gone: nothing goes on behind it. */
	stop(): void {
		this.#flops.stop();
	}

	/** Takes the live part off the screen. */
	hide(): void {
		this.#shown.set({ viewing: true });
	}

	/** Draws again: the width or the theme has changed, or figures have come in. */
	refresh(): void {
		this.#shown.set({ status: statusOf(this.session) });
	}

	keys(events: readonly KeyEvent[]): void {
		for (const event of events) {
			const { state, effect } = reducePrompt(this.snapshot().prompt, event, this.#world());
			this.#shown.set({ prompt: state, notice: undefined });
			if (effect) this.#effect(effect);
		}
	}

	#world(): PromptWorld {
		const world = { session: this.session, listFolder: (path: string) => this.#around.listFolder(path) };
		return {
			history: this.history,
			offers: this.snapshot().offers,
			complete: (text, cursor) => complete(world, text, cursor),
		};
	}

	#effect(effect: Effect): void {
		switch (effect.type) {
			case 'submit':
				this.#submit(effect.line);
				break;
			case 'interrupt':
				this.#lines.interrupt();
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
		this.#lines.submit(line);
	}

	#dropPreview(): void {
		if (!this.session.pending || this.snapshot().running) return;
		this.session.pending = undefined;
		this.#shown.set({ pending: undefined, notice: 'preview dropped; the graph is as it was' });
	}

	#leave(): void {
		if (this.snapshot().running) return;
		if (this.session.saved || this.#warnedUnsaved) {
			this.#around.leave(0);
			return;
		}
		this.#warnedUnsaved = true;
		this.#shown.set({
			notice: 'The graph is not saved: `save FILE` writes it. Ctrl-D again leaves; --resume brings it back.',
		});
	}

	async #edit(): Promise<void> {
		const text = await this.#around.editText(this.snapshot().prompt.buffer.text);
		if (text === undefined) return;
		this.#shown.set({
			prompt: { ...emptyPrompt, buffer: setText(this.snapshot().prompt.buffer, text.replace(/\n$/, '')) },
		});
	}

	#finish(cell: Cell): void {
		if (this.session.saved) this.#warnedUnsaved = false;
		this.#shown.set({
			finished: this.print(cell)
				? this.snapshot().finished
				: [...this.snapshot().finished, { id: this.#nextId++, cell }],
			status: statusOf(this.session),
			next: this.session.cells + 1,
			offers: cell.ok ? (cell.answer.next ?? []) : [],
			pending: this.session.pending?.input,
		});
		this.#newGraph();
	}
}
