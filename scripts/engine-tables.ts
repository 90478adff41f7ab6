/** The table of ops in `docs/engine.md`. */
import { opByName, ops } from '../src/ops/index.ts';
import { opDef } from '../src/ops/registry.ts';

/** Ops that the executor itself runs. */
const DIRECTED: readonly string[] = [
	...[
		'Switch',
		'_SwitchN',
		'Merge',
		'Enter',
		'Exit',
		'NextIteration',
		'LoopCond',
		'NoOp',
		'ControlTrigger',
		'Abort',
	],
	...['If', 'StatelessIf', 'Case', 'StatelessCase', 'While', 'StatelessWhile'],
	...['PartitionedCall', 'StatefulPartitionedCall', 'Assert', 'Print', 'PrintV2'],
	...[
		'RandomUniform',
		'RandomStandardNormal',
		'TruncatedNormal',
		'VarHandleOp',
		'ReadVariableOp',
		'VariableV2',
		'Variable',
	],
];

/** Every op with a kernel: what it computes with, and what is refused or differs. */
export function kernelTable(): string {
	const rows = ops
		.filter(({ kernel }) => kernel)
		.map(({ names, dtypes, limits }) => {
			const list = [...names].sort().map((name) => `\`${name}\``);
			return { key: list[0]!, row: `| ${list.join(' ')} | ${dtypes ?? 'as registered'} | ${limits ?? ''} |` };
		})
		.sort((a, b) => (a.key < b.key ? -1 : 1));
	return ['| ops | dtypes | limits |', '| --- | --- | --- |', ...rows.map(({ row }) => row)].join('\n');
}

/** Ops that are run without a kernel. */
export function directedOps(): string {
	return DIRECTED.map((name) => `\`${name}\``).join(' ');
}

/** Ops whose shapes and cost are known, and which are refused when they are to be run. */
export function refusedOps(): string {
	const names = ops
		.filter(({ kernel }) => !kernel)
		.flatMap((op) => op.names)
		.filter((name) => opDef(name) && opByName(name)?.kernel === undefined && !DIRECTED.includes(name));
	return [...new Set(names)]
		.sort()
		.map((name) => `\`${name}\``)
		.join(' ');
}
