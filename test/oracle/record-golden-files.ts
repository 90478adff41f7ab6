/**
 * Fills in what the C++ tool makes of every text golden: `npx tsx test/oracle/record-golden-files.ts` with
 * WHITTLE_PYTHON set to a Python that has TensorFlow 2.21.
 */
import { writeFileSync } from 'node:fs';
import { readGraphDef, serializeGraphDef } from '../../src/formats/graph-def.ts';
import { listGraph } from '../../src/graph/listing.ts';
import { readListing } from '../../src/graph/read-listing.ts';
import { transformByName } from '../../src/transforms/index.ts';
import { parseTransforms } from '../../src/transforms/language.ts';
import { folder, formatGolden, goldenFiles, readGoldenFile, runGolden } from '../golden-files/golden-file.ts';
import { Tool } from './tool.ts';

const python = process.env.WHITTLE_PYTHON;
if (!python) {
	process.stderr.write('WHITTLE_PYTHON names no Python with TensorFlow\n');
	process.exit(2);
}
const tool = new Tool(python);
for (const path of goldenFiles()) {
	const golden = readGoldenFile(path);
	const result = runGolden(golden);
	writeFileSync(folder + path, formatGolden({ ...golden, tool: await answer(path) }, result));
}
tool.stop();

async function answer(path: string): Promise<string> {
	const { line, inputs, outputs, before } = readGoldenFile(path);
	const own = parseTransforms(line).find(({ name }) => transformByName(name)?.origin === 'whittle');
	if (own) return `it has no ${own.name}\n`;
	const graph = serializeGraphDef(readListing(before));
	const said = await tool.ask(graph, {
		inputs: inputs.join(','),
		outputs: outputs.join(','),
		transforms: line,
	});
	const theirs =
		'graph' in said
			? listGraph(readGraphDef(said.graph))
			: 'error' in said
				? `error: ${said.error}\n`
				: 'it crashes\n';
	return theirs === runGolden(readGoldenFile(path)).after ? 'same\n' : theirs;
}
