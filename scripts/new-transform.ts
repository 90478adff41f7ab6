/**
 * `npm run new-transform -- fold_moments` writes a transform, its test and its line in the list, and says what
 * to do next. It overwrites nothing.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { packageFile } from '../src/graph/package-file.ts';

const name = process.argv[2] ?? '';
if (!/^[a-z][a-z0-9]*(_[a-z0-9]+)*$/.test(name)) {
	process.stderr.write('usage: npm run new-transform -- NAME   (lower case, words joined by _)\n');
	process.exit(2);
}
const file = name.replaceAll('_', '-');
const variable = name.replace(/_([a-z0-9])/g, (_all, letter: string) => letter.toUpperCase());

const transform = `/**
 *   before   y = Relu(x)
 *   after    y = Relu(x)
 */
import { defineTransform } from './define.ts';
import { keepNodes } from './keep-nodes.ts';

export default defineTransform({
	name: '${name}',
	summary: 'say in one line what it does',
	origin: 'whittle',
	loss: 'exact',
	picture: 'before   y = Relu(x)\\nafter    y = Relu(x)',
	params: {},
	examples: ['${name}'],

	apply({ graph, report }) {
		report.note('nothing matched: say what was looked for');
		return keepNodes(graph, graph.nodes);
	},
});
`;

const test = `import { expect, test } from 'vitest';
import { GraphBuilder } from '../../src/graph/builder.ts';
import { runTransform } from '../../src/transforms/run.ts';
import ${variable} from '../../src/transforms/${file}.ts';

test('says what it does to the smallest graph that shows it', () => {
	const g = new GraphBuilder();
	g.placeholder('x');
	const { graph } = runTransform(g.finish(), ${variable}, new Map(), { inputs: ['x'], outputs: [] });
	expect(graph.nodes.map((node) => node.name)).toEqual(['x', 'this test fails until you write it']);
});
`;

const files = new Map([
	[`src/transforms/${file}.ts`, transform],
	[`test/transforms/${file}.test.ts`, test],
]);
for (const path of files.keys()) {
	if (!existsSync(packageFile(path))) continue;
	process.stderr.write(`${path} is there already; nothing was written\n`);
	process.exit(1);
}
for (const [path, content] of files) writeFileSync(packageFile(path), content);

const list = packageFile('src/transforms/index.ts');
const lines = readFileSync(list, 'utf8')
	.replace(/(\nexport const transforms)/, `\nimport ${variable} from './${file}.ts';$1`)
	.replace(/(export const transforms[^[]*\[[^[]*\[\n)/, `$1\t${variable},\n`);
writeFileSync(list, lines);

process.stdout.write(`wrote ${[...files.keys()].join(', ')} and a line in src/transforms/index.ts

next
  draw the pattern at the top, say what it does in \`summary\`, write \`apply\`
  npx biome check --write src/transforms            sorts the imports
  npx vitest run test/transforms/${file}.test.ts
  npm run docs                                      writes docs/transforms/${name}.md and the README's table
`);
