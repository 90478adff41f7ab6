import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { plainLine } from '../../src/session/answer.ts';
import type { Status } from '../../src/session/status.ts';
import { flopsText, statusLine } from '../../src/shell/status-line.ts';

const status: Status = {
	step: 2,
	steps: 3,
	nodes: 194,
	params: 495_860,
	bytes: 1_990_000,
	flops: 210_000_000,
	inputs: ['a', 'b', 'c'],
	outputs: ['d', 'e', 'f', 'g', 'h', 'i', 'j'],
	saved: false,
	opened: { nodes: 244, params: 495_860, bytes: 2_004_483, flops: 210_000_000 },
};

describe('the status bar', () => {
	it('tells everything where there is room', () => {
		expect(plainLine(statusLine(status, 200))).toBe(
			' #2/3 · 194 nodes (−50) · 495.86k params (=) · 1.90 MiB (−0.7 %) · 0.21 GFLOPs (=) · 3 in · 7 out · unsaved',
		);
	});

	it('fits any width, and always says how many nodes there are', () => {
		for (let width = 40; width <= 200; width++) {
			const line = plainLine(statusLine(status, width));
			expect(stringWidth(line)).toBeLessThanOrEqual(width);
			expect(line).toContain('194 nodes');
		}
		expect(plainLine(statusLine(status, 12))).toContain('194 nodes');
	});

	it('has inputs and outputs at 80 columns', () => {
		expect(plainLine(statusLine(status, 80))).toContain('3 in · 7 out');
	});

	it('says that nothing is open', () => {
		expect(plainLine(statusLine(undefined, 80))).toContain('no model is open');
	});

	it('writes FLOPs in the unit that reads best', () => {
		expect([0, 99, 740, 29_970_000, 210_000_000, 4.1e12].map(flopsText)).toEqual([
			'0 FLOPs',
			'99 FLOPs',
			'0.74 kFLOPs',
			'29.97 MFLOPs',
			'0.21 GFLOPs',
			'4.10 TFLOPs',
		]);
	});
});
