import { checkingGraph } from '../inspect/check.ts';
import { type Cell, type Column, text } from '../session/answer.ts';
import { plural } from '../session/figures.ts';
import { defineCommand } from './define.ts';
import { runPausing } from './run-pausing.ts';

const columns: readonly Column[] = [
	{ name: 'severity' },
	{ name: 'kind', tone: 'strong' },
	{ name: 'node', tone: 'name', shrink: true },
	{ name: 'op', tone: 'op' },
	{ name: 'message' },
	{ name: 'mend', tone: 'dim' },
];

export default defineCommand({
	name: 'check',
	group: 'look',
	summary: "the whole graph against TensorFlow's op registry: what would stop it from running",
	details:
		'Unknown ops, missing, mistyped and unknown attributes, wrong numbers or dtypes of inputs, outputs and nodes ' +
		'that do not exist, duplicate names, cycles outside loops; each with what would mend it. Errors make the exit ' +
		'code 4; warnings do not. `set debug on` runs it after every step.',
	args: {},
	examples: ['check'],
	scripted: 'asked',

	async run(session, _args, context) {
		const findings = await runPausing(checkingGraph(session.graph), 'check', context);
		const errors = findings.filter((finding) => finding.severity === 'error').length;
		const warnings = findings.length - errors;
		const summary =
			findings.length === 0
				? `${plural(session.graph.nodes.length, 'node')}, nothing wrong`
				: `${plural(errors, 'error')}, ${plural(warnings, 'warning')}`;
		const cells = findings.map((f): Cell[] => [f.severity, f.kind, f.node, f.op, f.message, f.mend]);
		return {
			kind: 'table',
			data: {
				valid: errors === 0,
				errors,
				warnings,
				columns: columns.map((column) => column.name),
				rows: findings,
			},
			blocks: [
				...(findings.length > 0 ? [{ type: 'table' as const, columns, rows: cells }] : []),
				text(summary),
			],
			...(errors > 0 ? { failed: true } : {}),
			...(findings[0] ? { next: [`show ${findings[0].node}`] } : {}),
		};
	},
});
