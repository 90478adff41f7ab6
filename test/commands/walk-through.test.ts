/** The walk-through on the bundled MTCNN: one line, step by step with detours, and as an exported script. */

import { describe, expect, it } from 'vitest';
import { encodeGraphDef } from '../../src/formats/graph-def.ts';
import { CHAIN_STEPS } from '../chain.ts';
import { TestShell } from './shell.ts';

async function result(...lines: readonly string[]): Promise<{ shell: TestShell; bytes: Buffer }> {
	const shell = new TestShell();
	await shell.run('open mtcnn');
	for (const line of lines) await shell.run(line);
	return { shell, bytes: Buffer.concat(encodeGraphDef(shell.session.graph)) };
}

describe('the walk-through', () => {
	it('gives the same graph in one line, step by step with detours, and replayed', async () => {
		const straight = await result(CHAIN_STEPS.join(' '));
		expect(straight.shell.session.graph.nodes.length).toBeLessThan(400);
		const [first, second, ...rest] = CHAIN_STEPS;
		const wandering = await result(
			first!,
			'quantize_weights',
			'undo',
			second!,
			'undo 2',
			'redo 2',
			'preview quantize_weights',
			...rest,
			'undo 3',
			'redo 3',
			'export walk.whittle',
		);
		expect(wandering.bytes.equals(straight.bytes)).toBe(true);
		const again = new TestShell();
		expect((await again.script(wandering.shell.host.text('walk.whittle'))).exitCode).toBe(0);
		expect(Buffer.concat(encodeGraphDef(again.session.graph)).equals(straight.bytes)).toBe(true);
	});
});
