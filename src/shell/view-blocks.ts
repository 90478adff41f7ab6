/** The alternate screen for a long answer, until the person leaves it. */
import type { Painter } from '../render/paint.ts';
import type { Block } from '../session/answer.ts';
import type { Terminal } from './terminal.ts';
import { reduceViewer, viewerScreen, viewerState } from './viewer.ts';

/** @param after who gets the keys when the person has left. */
export async function viewBlocks(
	terminal: Terminal,
	blocks: readonly Block[],
	paint: Painter,
	after: Parameters<Terminal['listen']>[0],
): Promise<void> {
	// Ink must have taken its last frame away before the screen changes.
	await new Promise((resolve) => setTimeout(resolve, 30));
	let state = viewerState(blocks, paint, terminal.columns);
	const draw = (): void => {
		terminal.stdout.write(`\x1b[H\x1b[J${viewerScreen(state, terminal.columns, terminal.rows, paint)}`);
	};
	terminal.enterAlternate();
	draw();
	terminal.stdout.on('resize', draw);
	await new Promise<void>((resolve) => {
		terminal.listen((events) => {
			for (const event of events) state = reduceViewer(state, event, terminal.rows - 1);
			if (state.done) resolve();
			else draw();
		});
	});
	terminal.stdout.off('resize', draw);
	terminal.listen(after);
	terminal.leaveAlternate();
}
