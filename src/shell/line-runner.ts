/** Runs the lines that are typed, one after the other; those typed while one runs wait. */
import { setImmediate } from 'node:timers/promises';
import type { RunContext } from '../commands/define.ts';
import { GRAPH_AS_IT_WAS, pauseUnlessStopped } from '../commands/run-pausing.ts';
import { runLine } from '../commands/runner.ts';
import { renderPlain } from '../render/plain.ts';
import type { Cell } from '../session/cell.ts';
import type { Session } from '../session/session.ts';
import { keysPage } from './keys-page.ts';
import type { Surroundings } from './snapshot.ts';
import type { SnapshotStore } from './snapshot-store.ts';

const PAGES = new Map([['keys', keysPage()]]);

export class LineRunner {
	readonly #session: Session;
	readonly #around: Surroundings;
	readonly #shown: SnapshotStore;
	readonly #finish: (cell: Cell) => void;
	#abort: AbortController | undefined;

	/** @param finish is told of every cell when it is done. */
	constructor(session: Session, around: Surroundings, shown: SnapshotStore, finish: (cell: Cell) => void) {
		this.#session = session;
		this.#around = around;
		this.#shown = shown;
		this.#finish = finish;
	}

	/** Something begins that Ctrl-C can stop. @returns what it runs in. */
	begin(line: string): RunContext {
		this.#abort = new AbortController();
		const started = performance.now();
		this.#shown.set({
			running: { line, started, done: 0, total: 0, label: undefined, stopping: false },
			offers: [],
		});
		return this.#context(this.#abort.signal);
	}

	/** What was typed is run, or waits for what runs. */
	submit(line: string): void {
		if (this.#shown.now().running) this.#shown.set({ queued: [...this.#shown.now().queued, line] });
		else void this.#run(line);
	}

	/** Stops what runs, and drops what waits for it. */
	interrupt(): void {
		const { running, queued } = this.#shown.now();
		if (!running) return;
		this.#abort?.abort();
		this.#shown.set({
			running: { ...running, stopping: true },
			queued: [],
			notice: queued.length > 0 ? 'queued lines dropped' : undefined,
		});
	}

	/** Nothing runs any more: now what was typed meanwhile. */
	goOn(): void {
		const [next, ...queued] = this.#shown.now().queued;
		this.#shown.set({ running: undefined, queued });
		if (next !== undefined) void this.#run(next);
		else if (this.#session.settings.get('reader') === 'on') this.#around.leave('other layout');
	}

	async #run(line: string): Promise<void> {
		const context = this.begin(line);
		// The frame that shows the empty prompt comes before the work.
		await setImmediate();
		const cell = await runLine(this.#session, line, context);
		this.#abort = undefined;
		this.#finish(cell);
		const viewer = cell.ok ? cell.answer.viewer : undefined;
		if (viewer) {
			this.#shown.set({ viewing: true });
			await this.#around.view(viewer);
			this.#shown.set({ viewing: false });
		}
		if (this.#session.ended) {
			this.#around.leave(0);
			return;
		}
		this.goOn();
	}

	#context(signal: AbortSignal): RunContext {
		return {
			signal,
			interactive: true,
			width: this.#around.columns(),
			progress: (done, total, label) => {
				const { running } = this.#shown.now();
				if (running) this.#shown.set({ running: { ...running, done, total, label } });
			},
			pause: () => pauseUnlessStopped(signal, GRAPH_AS_IT_WAS),
			plain: renderPlain,
			onCell: (cell) => this.#finish(cell),
			helpPages: PAGES,
		};
	}
}
