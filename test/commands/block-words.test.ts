import { describe, expect, test } from 'vitest';
import { shortDescription, shortKind, shortName } from '../../src/commands/block-words.ts';

describe('a page of layers in few characters', () => {
	test('keeps sizes, channels, normalization and activation; the bias goes first', () => {
		const layer = 'DepthwiseConv2dNative 3×3 + bias + BN + Relu6';
		expect(shortDescription(layer, 45)).toBe(layer);
		expect(shortDescription(layer, 34)).toBe('depthwise 3×3 + bias + BN + Relu6');
		expect(shortDescription(layer, 31)).toBe('depthwise 3×3 + BN + Relu6');
	});

	test('of an inverted residual all three layers', () => {
		const block = 'Conv2D 1×1 → 144, DepthwiseConv2dNative 3×3, Conv2D 1×1 → 24 + input';
		expect(shortDescription(block, 44)).toBe('1×1 → 144, depthwise 3×3, 1×1 → 24 + input');
		expect(shortDescription(block, 31)).toBe('1×1→144, dw 3×3, 1×1→24 + input');
	});

	test('of many layers the first and the last, and what the short cut is', () => {
		const block =
			'Conv2D 1×1 → 256, Conv2D 1×1 → 64, Conv2D 3×3 → 64, Conv2D 1×1 → 256 with a projected short cut';
		expect(shortDescription(block, 31)).toBe('1×1→256, 1×1→64, …, projected');
		const branches = '4 branches: Conv2D 1×1 → 96, Conv2D 1×1 → 48, Conv2D 5×5 → 64, … 8 layers';
		expect(shortDescription(branches, 40)).toBe('4 branches: 1×1→96, 1×1→48, … 8 layers');
	});

	test('kinds and names too', () => {
		expect(shortKind('2 × inverted residual', 17)).toBe('2 × inv. residual');
		expect(shortKind('convolution', 17)).toBe('convolution');
		expect(shortName('mobilenetv2_0.35_96/block_1/expand', 18)).toBe('…/block_1/expand');
		expect(shortName('mobilenetv2_0.35_96/block_1_depthwise', 12)).toBe('block_1_depthwise');
	});
});
