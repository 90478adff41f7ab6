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
	const format = context.attr('data_format')?.string ?? 'N..C';
	const axes = Array.from({ length: Math.max(0, rank - 2) }, (_, i) => i);
	if (format.startsWith('NC')) {
		return { batch: 0, channel: 1, spatial: axes.map((i) => i + 2), channelsFirst: true };
	}
	return { batch: 0, channel: rank - 1, spatial: axes.map((i) => i + 1), channelsFirst: false };
}
