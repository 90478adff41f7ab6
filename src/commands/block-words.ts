/** The words of a page of layers in fewer characters, the most important kept longest. */
import stringWidth from 'string-width';

type Shortening = readonly [RegExp, string];

const ofKinds: readonly Shortening[] = [
	[/squeeze and excitation/, 'SE'],
	[/depthwise separable/, 'separable'],
	[/depthwise convolution/, 'depthwise conv'],
	[/inverted residual/, 'inv. residual'],
	[/training batch norm/, 'training BN'],
	[/convolution/, 'conv'],
	[/normalization/, 'norm'],
	[/preprocessing/, 'preparing'],
	[/embedding/, 'embed'],
];

/** From what is missed least to what is missed most. */
const ofDescriptions: readonly Shortening[] = [
	[/ with a projected short cut/g, ', projected'],
	[/ with a pooled short cut/g, ', pooled'],
	[/DepthwiseConv2dNative/g, 'depthwise'],
	[/squeeze and excitation/g, 'SE'],
	[/depthwise separable/g, 'separable'],
	[/ \+ bias/g, ''],
	[/BN \(training switch\)/g, 'BN (switch)'],
	[/BatchMatMul(?:V2|V3)?/g, 'MatMul'],
	[/, projected to/g, ' →'],
	[/transposed Conv/g, 'tr. Conv'],
	[/BN \((?:training|switch)\)/g, 'BN'],
	[/(?<=, )(?:Conv[123]D|MatMul) /g, ''],
	[/(?:Conv[123]D|MatMul) (?=.*, )/g, ''],
	[/depthwise/g, 'dw'],
	[/(?<=, .*) → | → (?=.*, )/g, '→'],
];

/** As many shortenings, in their order, as a text needs. */
function shortened(text: string, width: number, shortenings: readonly Shortening[]): string {
	let shorter = text;
	for (const [long, short] of shortenings) {
		if (stringWidth(shorter) <= width) break;
		shorter = shorter.replace(long, short);
	}
	return shorter;
}

/** `2 × inverted residual` in the characters that there are. */
export function shortKind(text: string, width: number): string {
	return shortened(text, width, ofKinds);
}

/** `Conv2D 3×3 → 16 + bias + BN + Relu` keeps size, channels, norm and activation; of many layers the first and last. */
export function shortDescription(text: string, width: number): string {
	const shorter = shortened(text, width, ofDescriptions);
	const parts = shorter.split(', ');
	if (stringWidth(shorter) <= width || parts.length < 3) return shorter;
	const last = parts.at(-1)!;
	const gap = last.startsWith('…') ? [] : ['…'];
	for (let kept = parts.length - 1; kept >= 2; kept--) {
		const ends = [...parts.slice(0, kept - 1), ...gap, last].join(', ');
		if (stringWidth(ends) <= width) return ends;
	}
	return shorter;
}

/** A name without its outer scopes: the innermost tells layers apart. */
export function shortName(text: string, width: number): string {
	if (stringWidth(text) <= width) return text;
	const scopes = text.split('/');
	for (let from = 1; from < scopes.length; from++) {
		const inner = `…/${scopes.slice(from).join('/')}`;
		if (stringWidth(inner) <= width) return inner;
	}
	return scopes.at(-1)!;
}
