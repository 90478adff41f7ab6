/** Whether time grows as the graph does: every transform and question from a thousand nodes to a million. */
import { join } from 'node:path';
import { encodeGraphDef } from '../../src/formats/graph-def.ts';
import { writeWholeFile } from '../../src/formats/write-file.ts';
import type { Bench } from './bench.ts';
import { BenchSession } from './bench-session.ts';
import { collectGarbage, timed } from './measure.ts';
import { buildSmallNodes, models } from './models.ts';
import { transformLines } from './transform-bench.ts';

const SIZES = [1_000, 10_000, 100_000, 1_000_000];
const QUESTIONS = ['find op:Mul', 'tree', 'inputs', 'outputs', 'diff 0', 'counts', 'in output --depth 3'];
/** Below this a figure says more of the clock than of the graph. */
const SURE = 5;

export const growthBench: Bench = {
	name: 'growth',
	summary: 'time per node from 1,000 to 1,000,000 nodes',

	async run(context) {
		const { inputs, outputs } = models.small;
		const lines = [...transformLines(), ...QUESTIONS.map((line) => [line, line] as const)];
		const asked = lines.filter(([what]) => context.wanted('growth', what, 'chain'));
		if (asked.length === 0) return;
		const files = SIZES.map((size) => {
			const file = join(context.folder, `chain-${size}.pb`);
			writeWholeFile(file, encodeGraphDef(buildSmallNodes(size)), { force: true });
			return file;
		});
		for (const [what, line] of asked) {
			const times: number[] = [];
			for (let i = 0; i < SIZES.length; i++) {
				// Small graphs are measured often, so that compiling is not counted as growth.
				const repetitions = Math.max(1, Math.min(40, 40_000 / SIZES[i]!));
				let best = Number.POSITIVE_INFINITY;
				for (let k = 0; k < repetitions; k++) {
					const opened = await BenchSession.open(files[i]!, inputs, outputs);
					if (line === 'diff 0') await opened.run('remove_device');
					collectGarbage();
					best = Math.min(best, await timed(() => opened.run(line), context.clock));
				}
				times.push(best);
			}
			const perNode = times.map((ms, i) => ms / SIZES[i]!);
			const last = times.length - 1;
			const from = Math.min(
				last - 1,
				times.findIndex((ms) => ms >= SURE),
			);
			const base = from < 0 ? last : from;
			context.add({
				...{
					group: 'growth',
					what,
					model: 'chain',
					value: perNode[last]! / perNode[base]!,
					unit: '×',
					limit: 1.3,
				},
				...{ limitOf: 'value', spread: [1, Math.max(...perNode.slice(base)) / perNode[base]!] },
				note: times.map((ms) => `${ms.toPrecision(3)} ms`).join(', '),
			});
		}
	},
};
