/** The shell's face. Finished cells go to the scrollback and are never drawn again; the rest stays under them. */

import { Box, Static, Text, useCursor, useStdout } from 'ink';
import { type ReactNode, useEffect, useReducer, useSyncExternalStore } from 'react';
import { type Lint, lintLine, usageHint } from '../commands/lint-line.ts';
import { cutEnd } from '../render/cut-text.ts';
import { longCellText } from '../render/ink/cell-text.ts';
import { CellView } from '../render/ink/cell-view.tsx';
import type { Painter } from '../render/paint.ts';
import { type Line, span } from '../session/answer.ts';
import { formatMilliseconds } from '../session/figures.ts';
import { layoutList } from './list-layout.ts';
import type { PromptHistory } from './prompt-history.ts';
import { layoutPrompt } from './prompt-layout.ts';
import { ghostOf } from './prompt-model.ts';
import type { Frame } from './reflow.ts';
import type { ShellController } from './shell-controller.ts';
import type { Finished, Running, Snapshot } from './snapshot.ts';
import { statusLine } from './status-line.ts';

export interface AppProps {
	readonly controller: ShellController;
	/** The terminal's size and theme as they are now. */
	size(): { readonly columns: number; readonly rows: number };
	paint(): Painter;
	/** Told what is drawn. */
	onFrame?(frame: Frame): void;
}

export function App({ controller, size, paint, onFrame }: AppProps): ReactNode {
	const snapshot = useSyncExternalStore(controller.subscribe, controller.snapshot);
	const { columns, rows } = size();
	const { write } = useStdout();
	useEffect(() => {
		controller.print = (cell) => {
			const shown = Number(controller.session.settings.get('rows'));
			const text = longCellText(cell, paint(), size().columns, shown);
			if (text !== undefined) write(text);
			return text !== undefined;
		};
	}, [controller, paint, size, write]);
	return (
		<>
			<Static items={snapshot.finished as Finished[]}>
				{(item) => (
					<FinishedView key={item.id} item={item} controller={controller} paint={paint()} width={columns} />
				)}
			</Static>
			{!snapshot.viewing && (
				<Live
					snapshot={snapshot}
					controller={controller}
					paint={paint()}
					columns={columns}
					rows={rows}
					onFrame={onFrame}
				/>
			)}
		</>
	);
}

interface FinishedProps {
	readonly item: Finished;
	readonly controller: ShellController;
	readonly paint: Painter;
	readonly width: number;
}

function FinishedView({ item, controller, paint, width }: FinishedProps): ReactNode {
	if ('lines' in item) return <Text>{item.lines.join('\n')}</Text>;
	return (
		<CellView
			cell={item.cell}
			paint={paint}
			width={width}
			rows={Number(controller.session.settings.get('rows'))}
		/>
	);
}

interface LiveProps {
	readonly snapshot: Snapshot;
	readonly controller: ShellController;
	readonly paint: Painter;
	readonly columns: number;
	readonly rows: number;
	readonly onFrame: AppProps['onFrame'];
}

/** All that is drawn again: rule, status bar, progress, prompt, hint, candidates. Never as high as the screen. */
function Live({ snapshot, controller, paint, columns, rows, onFrame }: LiveProps): ReactNode {
	const { setCursorPosition } = useCursor();
	const head = [paint.text('─'.repeat(columns), 'dim'), paint.line(statusOfSnapshot(snapshot, columns))];
	const running = runningLine(useSlowRunning(snapshot.running), paint, columns);
	if (running !== undefined) head.push(running);
	for (const line of queuedLines(snapshot.queued)) head.push(paint.text(cutEnd(line, columns), 'dim'));
	const room = Math.max(1, rows - 2 - head.length);
	const { text, cursor: at } = snapshot.prompt.buffer;
	const fault = snapshot.prompt.search ? undefined : lintLine(controller.session, text, at);
	const face: Face = { snapshot, paint, columns, fault };
	const prompt = promptRows(face, controller.history, Math.min(room, 10));
	const under = room - prompt.rows.length;
	const hint = hintLine(face, controller.history, under);
	const below = [...hint, ...candidateLines(face, under - hint.length, prompt.wordColumn)];
	const lines = [...head, ...prompt.rows, ...below];
	const cursor = { x: prompt.cursor.x, y: head.length + prompt.cursor.y };
	setCursorPosition(cursor);
	onFrame?.({ lines, cursor });
	return (
		<Box flexDirection="column">
			{lines.map((line, i) => (
				// Lines have no identity of their own: the frame is drawn as a whole.
				// biome-ignore lint/suspicious/noArrayIndexKey: see above.
				<Text key={i} wrap="truncate">
					{line === '' ? ' ' : line}
				</Text>
			))}
		</Box>
	);
}

function statusOfSnapshot({ opening, status }: Snapshot, columns: number): Line {
	if (opening === undefined) return statusLine(status, columns);
	return [span(cutEnd(` opening ${opening} …`, columns), 'dim')];
}

/** What every part of the frame is drawn from. */
interface Face {
	readonly snapshot: Snapshot;
	readonly paint: Painter;
	readonly columns: number;
	readonly fault: Lint | undefined;
}

/** Lines typed ahead: a few of them, so that the frame stays low. */
function queuedLines(queued: readonly string[]): string[] {
	const shown = queued.slice(0, 3).map((line) => `  then: ${line}`);
	return queued.length > 3 ? [...shown, `  and ${queued.length - 3} more`] : shown;
}

function promptRows({ snapshot, paint, columns, fault }: Face, history: PromptHistory, most: number) {
	const { prompt } = snapshot;
	const { text, cursor } = prompt.buffer;
	const prefix = prompt.search ? `(search "${prompt.search.query}") ` : `whittle[${snapshot.next}]> `;
	const ghost = ghostOf(prompt, { history, offers: [], complete: () => undefined });
	const laid = layoutPrompt({ prefix, text, cursor, ghost, fault, width: columns, most }, paint);
	const typed = prompt.list ? prompt.list.typed.cursor - prompt.list.completion.start : 0;
	return { ...laid, wordColumn: Math.max(0, laid.cursor.x - typed - 1) };
}

/** One line that helps: what is wrong, what the brackets take, what Enter would do. */
function hintLine({ snapshot, paint, columns, fault }: Face, history: PromptHistory, room: number): string[] {
	if (room <= 0) return [];
	const { text, cursor } = snapshot.prompt.buffer;
	const { search } = snapshot.prompt;
	const lost = search && search.query !== '' && history.search(search.query, 0) === undefined;
	const hint = lost
		? 'no line of the history has that'
		: (snapshot.notice ?? fault?.message ?? usageHint(text, cursor));
	if (hint !== undefined) return [paint.text(cutEnd(`  ${hint}`, columns - 1), fault ? 'warn' : 'dim')];
	if (snapshot.pending === undefined || text !== '') return [];
	return [paint.text(cutEnd(`  Enter applies ${snapshot.pending} · Esc drops it`, columns - 1), 'changed')];
}

function candidateLines({ snapshot, paint, columns }: Face, room: number, left: number): string[] {
	const { list, search } = snapshot.prompt;
	return list && !search ? layoutList(list, left, columns, room, paint) : [];
}

/** What is running, from 200 ms on, drawn anew while it does. */
function useSlowRunning(running: Running | undefined): Running | undefined {
	const [, redraw] = useReducer((count: number) => count + 1, 0);
	const busy = running !== undefined;
	useEffect(() => {
		if (!busy) return;
		const timer = setInterval(redraw, 200);
		return () => clearInterval(timer);
	}, [busy]);
	return running && performance.now() - running.started >= 200 ? running : undefined;
}

const BAR = 20;

/** `  ████████░░░░░░░░░░░░ 40 %  fold_constants · 3 s left · Ctrl-C stops` */
function runningLine(running: Running | undefined, paint: Painter, columns: number): string | undefined {
	if (!running) return undefined;
	const elapsed = performance.now() - running.started;
	const share = running.total > 0 ? Math.min(1, running.done / running.total) : 0;
	const full = Math.round(share * BAR);
	const bar =
		running.total > 0 ? `${'█'.repeat(full)}${'░'.repeat(BAR - full)} ${Math.round(share * 100)} %  ` : '';
	const left =
		share > 0.02
			? ` · ${formatMilliseconds((elapsed * (1 - share)) / share)} left`
			: ` · ${formatMilliseconds(elapsed)}`;
	const what = running.label ?? running.line.trim().split('\n')[0]!;
	const tail = running.stopping ? ' · stopping …' : `${left} · Ctrl-C stops`;
	return (
		paint.text(`  ${bar}`, 'name') +
		paint.text(cutEnd(what, Math.max(8, columns - bar.length - tail.length - 4)), 'plain') +
		paint.text(tail, 'dim')
	);
}
