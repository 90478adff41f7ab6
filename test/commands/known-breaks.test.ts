/**
 * Two published graphs that the walk-through's chain breaks, exactly as the C++ tool does it: each step says so
 * beforehand, verify catches it, bisect names the step and the node.
 */

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { CHAIN_STEPS } from '../chain.ts';
import { hasShared, sharedPath } from '../shared.ts';
import { TestShell } from './shell.ts';

interface Found {
	readonly equal: boolean;
	readonly outputs: readonly { name: string; shape: readonly number[]; newNaN: number; ok: boolean }[];
	readonly firstDifference: { node: string; op: string; newNaN: number } | null;
}

interface Broken {
	readonly shell: TestShell;
	/** What each step had warned of. */
	readonly warnings: readonly (readonly string[])[];
	readonly verdict: Found;
	readonly failed: boolean | undefined;
	readonly bisected: { step: number; transform: string; node: string };
}

async function breaking(file: string, inputs: string, outputs: string): Promise<Broken> {
	const shell = new TestShell();
	shell.host.files.set(file, readFileSync(sharedPath('graphs', file)));
	await shell.run(`open ${file}`);
	await shell.run(`inputs ${inputs}`);
	await shell.run(`outputs ${outputs}`);
	for (const step of CHAIN_STEPS) await shell.run(step);
	const warnings = shell.session.history.pathTo().map(({ result }) => result?.warnings ?? []);
	const { answer } = await shell.run('verify');
	const bisected = await shell.data<Broken['bisected']>('bisect');
	return { shell, warnings, verdict: answer.data as Found, failed: answer.failed, bisected };
}

describe.skipIf(!hasShared)('graphs that the walk-through breaks', () => {
	it('char_rnn_lstm: constants that are all zero are quantized to NaN', async () => {
		const { warnings, verdict, failed, bisected, shell } = await breaking(
			'char_rnn_lstm.pb',
			'input_data',
			'probs',
		);
		expect(failed).toBe(true);
		expect(verdict.outputs).toMatchObject([{ name: 'probs', shape: [100, 57], ok: false }]);
		expect(verdict.outputs[0]!.newNaN).toBeGreaterThan(0);
		expect(verdict.firstDifference).toMatchObject({ op: 'Dequantize' });
		expect(bisected).toMatchObject({ step: 5, transform: 'quantize_weights' });
		expect(bisected.node).toMatch(/^MultiRNNCellZeroState\/.*\/zeros/);
		expect(warnings[5]!.some((warning) => warning.includes(`\`${bisected.node}\``))).toBe(true);
		expect(warnings[5]![0]).toContain('its range is 0 … 1.2e-38, and Dequantize gives NaN');
		expect(await shell.text('bisect')).toContain('the step had warned: ');
	});

	it('mtcnn_cascade: branches run that are not taken, and nothing is detected', async () => {
		const { warnings, verdict, failed, bisected } = await breaking(
			'mtcnn_cascade.pb',
			'input min_size thresholds factor',
			'prob landmarks box',
		);
		expect(failed).toBe(true);
		expect(verdict.outputs.map(({ shape }) => shape)).toEqual([[0], [0, 10], [0, 4]]);
		expect(verdict.outputs.every(({ ok }) => !ok)).toBe(true);
		expect(bisected).toMatchObject({ step: 1, transform: 'remove_nodes' });
		expect(bisected.node).toBe('onet/Shape');
		expect(warnings[1]).toEqual([
			'nodes that waited for `onet/cond/switch_f` ran in one branch of `onet/cond/Switch` and now run in both, and so with 4 more: verify',
		]);
	});
});
