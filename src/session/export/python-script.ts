/** `export x.py`: the same chain through TensorFlow's transform call. */
import { lastSaved } from '../recipe.ts';
import type { Session } from '../session.ts';
import { defaultResult, type ExportForm, modelFile, stepText, toolChains } from './define.ts';

export const pythonScript: ExportForm = {
	ending: '.py',
	summary: "a Python script that uses TensorFlow's own transforms",
	executable: true,

	write(session, options) {
		const { chains, leftOut } = toolChains(session, options);
		const texts = chains.map(({ inputs, outputs, steps }) => ({
			inputs,
			outputs,
			steps: steps.map(stepText),
		}));
		return [...head(session), ...leftOut, `CHAINS = ${chainList(texts)}`, ...body(session)].join('\n');
	},
};

interface ChainText {
	readonly inputs: readonly string[];
	readonly outputs: readonly string[];
	readonly steps: readonly string[];
}

/** Python reads JSON's strings and lists as they are. */
function chainList(chains: readonly ChainText[]): string {
	const list = (items: readonly string[], indent: string): string =>
		`[\n${items.map((item) => `${indent}    ${JSON.stringify(item)},\n`).join('')}${indent}]`;
	const chain = ({ inputs, outputs, steps }: ChainText): string =>
		`    (\n        ${list(inputs, '        ')},\n        ${list(outputs, '        ')},\n        ${list(steps, '        ')},\n    ),\n`;
	return `[\n${chains.map(chain).join('')}]`;
}

function head(session: Session): string[] {
	return [
		'#!/usr/bin/env python3',
		`"""Made by whittle from a session on ${JSON.stringify(session.model.path).slice(1, -1)}.`,
		'',
		'usage: python3 SCRIPT [MODEL [OUT]]      needs: pip install tensorflow',
		'"""',
		'import sys',
		'',
		'from tensorflow.core.framework import graph_pb2',
		'from google.protobuf import text_format',
		'',
		'try:',
		'    from tensorflow.python.util._pywrap_transform_graph import TransformGraphWithStringInputs',
		'',
		'    def transform(graph, inputs, outputs, transforms):',
		'        return TransformGraphWithStringInputs(',
		'            graph, ",".join(inputs), ",".join(outputs), " ".join(transforms))',
		'except ImportError:  # TensorFlow 1',
		'    from tensorflow.tools.graph_transforms import TransformGraph',
		'',
		'    def transform(graph, inputs, outputs, transforms):',
		'        graph = graph_pb2.GraphDef.FromString(graph)',
		'        return TransformGraph(graph, inputs, outputs, transforms).SerializeToString()',
		'',
		'# (inputs, outputs, transforms)',
	];
}

function body(session: Session): string[] {
	const model = modelFile(session);
	const out = lastSaved(session) ?? defaultResult(session);
	return [
		'',
		'',
		'def read(path):',
		'    with open(path, "rb") as file:',
		'        content = file.read()',
		'    if path.endswith(".pbtxt"):',
		'        return text_format.Parse(content, graph_pb2.GraphDef()).SerializeToString()',
		'    return content',
		'',
		'',
		'def main(arguments):',
		model === undefined
			? '    model = arguments[0] if arguments else sys.exit("usage: SCRIPT MODEL [OUT]")'
			: `    model = arguments[0] if arguments else ${JSON.stringify(model)}`,
		`    out = arguments[1] if len(arguments) > 1 else ${JSON.stringify(out)}`,
		'    graph = read(model)',
		'    for inputs, outputs, transforms in CHAINS:',
		'        graph = transform(graph, inputs, outputs, transforms)',
		'    with open(out, "wb") as file:',
		'        file.write(graph)',
		'',
		'',
		'main(sys.argv[1:])',
		'',
	];
}
