import type { ToolStreams } from '../../src/tools/streams.ts';

/** Streams that remember. */
export function recordStreams(): {
	streams: ToolStreams;
	output: () => string;
	messages: string[];
} {
	let text = '';
	const messages: string[] = [];
	const streams: ToolStreams = {
		out: (piece) => {
			text += piece;
		},
		log: (message) => messages.push(message),
	};
	return { streams, output: () => text, messages };
}
