/** `export x.sh`: the same chain for TensorFlow's `transform_graph`. */
import { lastSaved } from '../recipe.ts';
import type { Session } from '../session.ts';
import { defaultResult, type ExportForm, modelFile, oneLine, stepText, toolChains } from './define.ts';

export const shellScript: ExportForm = {
	ending: '.sh',
	summary: "a shell script that runs TensorFlow's transform_graph",
	executable: true,

	write(session, options) {
		const { chains, leftOut } = toolChains(session, options);
		const calls = chains.map((chain, i) => {
			const from = i === 0 ? '"$model"' : `"$work/${i}.pb"`;
			const to = i === chains.length - 1 ? '"$out"' : `"$work/${i + 1}.pb"`;
			return [
				`$TRANSFORM_GRAPH --in_graph=${from} --out_graph=${to} \\`,
				`  --inputs=${quoted(chain.inputs.join(','))} \\`,
				`  --outputs=${quoted(chain.outputs.join(','))} \\`,
				`  --transforms=${quoted(`\n    ${chain.steps.map(stepText).join('\n    ')}\n  `)}`,
			].join('\n');
		});
		if (calls.length === 0) calls.push('cp "$model" "$out"');
		return `${[...head(session), ...leftOut, ...temporary(chains.length), ...calls].join('\n')}\n`;
	},
};

function head(session: Session): string[] {
	const model = modelFile(session);
	const from = model === undefined ? `\${1:?usage: $0 MODEL [OUT]}` : `\${1:-${defaultValue(model)}}`;
	const out = lastSaved(session) ?? defaultResult(session);
	return [
		'#!/bin/sh',
		`# Made by whittle from a session on ${oneLine(session.model.path)}.`,
		...(model === undefined ? ['# MODEL is a GraphDef; of a SavedModel, `save` at step 0 writes one.'] : []),
		`# usage: $0 ${model === undefined ? 'MODEL' : '[MODEL'} [OUT]${model === undefined ? '' : ']'}`,
		"# TRANSFORM_GRAPH: the tool to run; whittle's own is 'whittle transform_graph'.",
		'set -e',
		`model=${from}`,
		`out=\${2:-${defaultValue(out)}}`,
		`TRANSFORM_GRAPH=\${TRANSFORM_GRAPH:-transform_graph}`,
	];
}

/** Inputs or outputs change on the way: every chain but the last goes to a folder that is removed at the end. */
function temporary(chains: number): string[] {
	return chains > 1 ? ['work=$(mktemp -d)', 'trap \'rm -rf "$work"\' EXIT'] : [];
}

/** In single quotes, for sh. */
function quoted(text: string): string {
	return `'${text.replaceAll("'", "'\\''")}'`;
}

/** Inside `${1:-…}`, in which quotes would stay. */
function defaultValue(text: string): string {
	return text.replace(/[^A-Za-z0-9._/~:@%+,=-]/g, '\\$&');
}
