/**
 * Every `*.golden` here: a graph before, a line, the graph after, and what the step reports. `npx vitest run
 * test/golden-files -u` rewrites `after` and `report`, never `before` nor the C++ tool's part.
 */
import { describe, expect, test } from 'vitest';
import { readGraphDef, serializeGraphDef } from '../../src/formats/graph-def.ts';
import { listGraph } from '../../src/graph/listing.ts';
import { transformByName } from '../../src/transforms/index.ts';
import { parseTransforms } from '../../src/transforms/language.ts';
import { folder, formatGolden, goldenFiles, readGoldenFile, runGolden } from './golden-file.ts';

describe.each(goldenFiles())('%s', (path) => {
	const golden = readGoldenFile(path);
	const result = runGolden(golden);

	test('is what whittle makes of it', async () => {
		await expect(formatGolden(golden, result)).toMatchFileSnapshot(folder + path);
	});

	test('says what the C++ tool makes of it', () => {
		expect(golden.tool).not.toBe('?\n');
	});

	const { graph } = result;
	if (!graph) return;

	test('is a valid graph that survives writing and reading', () => {
		expect(graph.invalidInputs).toEqual([]);
		expect(listGraph(readGraphDef(serializeGraphDef(graph)))).toBe(listGraph(graph));
	});

	const transforms = parseTransforms(golden.line).map(({ name }) => transformByName(name)!);
	if (transforms.some((transform) => transform.idempotent === false)) return;

	test('a second run changes nothing', () => {
		const again = runGolden(golden, graph);
		expect(again.after.split('\n').sort()).toEqual(result.after.split('\n').sort());
	});
});
