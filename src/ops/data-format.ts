/** Where batch, channel and spatial axes lie: the `data_format` attribute. */
import type { OpContext } from './define.ts';

export interface Layout {
	readonly batch: number;
	readonly channel: number;
	/** Axes of depth, height and width, as many as there are. */
	readonly spatial: readonly number[];
	/** Channels come before the spatial axes: NCHW, NCDHW. */
	readonly channelsFirst: boolean;
}

/** The layout of a tensor of `rank`; without the attribute channels come last. */
export function layoutOf(context: OpContext, rank: number): Layout {
	const channelsFirst = context.attr('data_format')?.string?.startsWith('NC') ?? false;
	const known = channelsFirst ? first : last;
	known[rank] ??= makeLayout(rank, channelsFirst);
	return known[rank];
}

/** Every convolution is asked for its layout several times: one is made for each rank. */
const first: Layout[] = [];
const last: Layout[] = [];

function makeLayout(rank: number, channelsFirst: boolean): Layout {
	const axes = Array.from({ length: Math.max(0, rank - 2) }, (_, i) => i);
	if (channelsFirst) return { batch: 0, channel: 1, spatial: axes.map((i) => i + 2), channelsFirst };
	return { batch: 0, channel: rank - 1, spatial: axes.map((i) => i + 1), channelsFirst };
}
