import { readdirSync, readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { GraphDefCodec } from '../../proto/codec.ts';
import { serializeGraphDef } from '../../src/formats/graph-def.ts';
import { openGraph } from '../../src/formats/index.ts';
import { printGraphDef, readTextGraphDef } from '../../src/formats/text-graph-def.ts';
import { summaryText } from '../../src/inspect/summary.ts';
import { hasShared, sharedPath } from '../shared.ts';

const files = hasShared
	? readdirSync(sharedPath('graphs')).filter((name) => /\.(pb|pbtxt)$/.test(name))
	: ['(no ../shared)'];

/** Nodes of the graph, from the index beside the files. */
function nodesOf(file: string): number {
	const line = readFileSync(sharedPath('graphs', 'INDEX.tsv'), 'utf8')
		.split('\n')
		.find((row) => row.startsWith(`${file}\t`));
	return Number(line!.split('\t')[2]);
}

describe.skipIf(!hasShared)('every published graph', () => {
	it.each(files)('%s opens, has a summary, and saves unchanged', (file) => {
		const path = sharedPath('graphs', file);
		const bytes = readFileSync(path);
		const { format, graph } = openGraph({ path, bytes, isFolder: false });
		expect(graph.nodes.length).toBe(nodesOf(file));
		const summary = summaryText(graph, file, true);
		expect(summary.error).toBeUndefined();
		expect(summary.text.split('\n').length).toBeGreaterThan(graph.nodes.length + 7);
		const text = Buffer.concat(printGraphDef(graph));
		if (format.name === 'GraphDef') expect(Buffer.compare(serializeGraphDef(graph), bytes)).toBe(0);
		const again = readTextGraphDef(text);
		const decode = (each: typeof graph) => GraphDefCodec.decode(serializeGraphDef(each));
		expect(isDeepStrictEqual(decode(again), decode(graph))).toBe(true);
	});
});
