import { render } from 'ink-testing-library';
import { describe, expect, it } from 'vitest';
import { painter } from '../../src/render/paint.ts';
import { App } from '../../src/shell/app.tsx';
import type { Ending } from '../../src/shell/ending.ts';
import { KeyReader } from '../../src/shell/keypress.ts';
import { PromptHistory } from '../../src/shell/prompt-history.ts';
import type { Frame } from '../../src/shell/reflow.ts';
import { ShellController } from '../../src/shell/shell-controller.ts';
import type { Surroundings } from '../../src/shell/snapshot.ts';
import { TestShell } from '../commands/shell.ts';

/** The shell's face without a terminal, on the bundled model. */
async function face(size = { columns: 80, rows: 24 }) {
	const shell = new TestShell();
	await shell.run('open mtcnn');
	const left: Ending[] = [];
	const around: Surroundings = {
		columns: () => size.columns,
		listFolder: () => [],
		view: () => Promise.resolve(),
		suspend: () => undefined,
		repaint: () => undefined,
		editText: () => Promise.resolve(undefined),
		leave: (code) => left.push(code),
	};
	const controller = new ShellController(shell.session, new PromptHistory(), around);
	controller.opened([], []);
	const frames: Frame[] = [];
	const paint = painter('none');
	const app = render(
		<App
			controller={controller}
			size={() => size}
			paint={() => paint}
			onFrame={(frame) => frames.push(frame)}
		/>,
	);
	const reader = new KeyReader();
	return {
		left,
		controller,
		app,
		type: (text: string) => controller.keys([...reader.push(text), ...reader.flush()]),
		frame: () => frames.at(-1)!,
		frames,
	};
}

async function until(holds: () => boolean): Promise<void> {
	for (let i = 0; i < 500 && !holds(); i++) await new Promise((resolve) => setTimeout(resolve, 10));
	expect(holds()).toBe(true);
}

describe('the face of the shell', () => {
	it('says so where a search finds nothing', async () => {
		const { type, frame, app } = await face();
		type('\x12nowhere');
		await until(() => frame().lines.some((line) => line.includes('no line of the history has that')));
		app.unmount();
	});

	it('has a rule, the status bar and the prompt, the cursor behind it', async () => {
		const { frame, app } = await face();
		expect(frame().lines[0]).toBe('─'.repeat(80));
		expect(frame().lines[1]).toContain('244 nodes');
		expect(frame().lines[2]).toBe('whittle[2]> ');
		expect(frame().cursor).toEqual({ x: 'whittle[2]> '.length, y: 2 });
		app.unmount();
	});

	it('runs a line and leaves its cell behind', async () => {
		const { type, frame, app } = await face();
		type('remove_nodes(op=Identity)\r');
		await until(() => frame().lines[1]!.includes('#1/1 · 194 nodes'));
		expect(app.frames.join('')).toContain('244 → 194 nodes');
		app.unmount();
	});

	it('is never as high as the screen, whatever is typed', async () => {
		for (const rows of [5, 8, 12, 24]) {
			const { type, frames, app } = await face({ columns: 60, rows });
			for (const text of [
				'f',
				'fold_constants(',
				'\x03',
				'\x1b[200~a\rb\rc\rd\re\rf\rg\rh\x1b[201~',
				' \t\t',
			])
				type(text);
			await until(() => frames.length > 1);
			for (const { lines, cursor } of frames) {
				expect(lines.length).toBeLessThan(rows);
				expect(cursor.y).toBeLessThan(lines.length);
			}
			app.unmount();
		}
	});

	it('previews until Enter or Escape', async () => {
		const { type, frame, controller, app } = await face();
		type('preview remove_nodes(op=Identity)\r');
		await until(() => frame().lines.join('\n').includes('Enter applies'));
		type('\x1b');
		await until(() => frame().lines.join('\n').includes('preview dropped'));
		type('\r');
		expect(controller.session.history.steps).toHaveLength(1);
		app.unmount();
	});

	it('keeps lines typed while one runs, and asks once before leaving', async () => {
		const { type, frame, left, app } = await face();
		type('remove_nodes(op=Identity)\rundo\rredo\r');
		await until(() => frame().lines[2]!.startsWith('whittle[5]>'));
		expect(frame().lines[1]).toContain('#1/1');
		type('\x04');
		expect(left).toEqual([]);
		await until(() => frame().lines.join('\n').includes('Ctrl-D again leaves'));
		type('\x04');
		expect(left).toEqual([0]);
		app.unmount();
	});
});
