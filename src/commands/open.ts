import { WhittleError } from '../graph/error.ts';
import { stage, type Work } from '../graph/progress.ts';
import { findingCandidates } from '../inspect/candidates.ts';
import { humanBytes, humanCount } from '../inspect/humanize.ts';
import { type Answer, span, text } from '../session/answer.ts';
import { plural } from '../session/figures.ts';
import type { OpenModel } from '../session/host.ts';
import type { Session } from '../session/session.ts';
import { weighing } from '../session/status.ts';
import { flag, option, word } from './arguments.ts';
import { defineCommand } from './define.ts';
import { overviewOf } from './overview-lines.ts';
import { runPausing } from './run-pausing.ts';
import { signatureLines } from './signature-line.ts';

export default defineCommand({
	name: 'open',
	group: 'graph',
	summary: 'open a model: GraphDef binary or text, SavedModel, MetaGraph, also packed in a zip or gzip file',
	details:
		'The kind of file is found by its content. `mtcnn` is the bundled model. What looks like the inputs and ' +
		'outputs is used by transforms until `inputs NAME …` and `outputs NAME …` say otherwise.',
	args: {
		file: word('a file or a SavedModel folder', { subject: 'file' }),
		tags: option('the MetaGraph of a SavedModel, by its tags'),
		signature: option('the signature whose inputs and outputs are used'),
		force: flag('also when the graph that is open is not saved'),
	},
	examples: ['open mtcnn', 'open model.pb', 'open saved_model --tags serve'],
	scripted: 'always',
	resumed: true,
	withoutModel: true,

	async run(session, { file, tags, signature, force }, context) {
		if (context.interactive && !session.saved && !force) {
			throw new WhittleError('usage', 'The graph that is open is not saved.', {
				hint: `\`save FILE\` writes it, \`open ${file} --force\` opens the other all the same.`,
			});
		}
		const options = {
			...(tags === undefined ? {} : { tags }),
			...(signature === undefined ? {} : { signature }),
		};
		return runPausing(openingModel(session, file, options), `open ${file}`, context);
	},
});

/** Reads a model and makes it the session's, in turns: the session is as it was until all of it is there. */
export function* openingModel(
	session: Session,
	path: string,
	options: Readonly<Record<string, string>> = {},
): Work<Answer> {
	const model = yield* stage(session.host.reading(path, options), 0, 0.7);
	return yield* stage(startingModel(session, model, options), 0.7, 1);
}

/** Makes a model the session's, with the inputs and outputs found in it. */
export function* startingModel(
	session: Session,
	model: OpenModel,
	options: Readonly<Record<string, string>> = {},
): Work<Answer> {
	const size = yield* stage(weighing(model.graph), 0, 0.4);
	const { inputs, outputs } = yield* stage(findingCandidates(model.graph), 0.4, 0.8);
	const { lines, odd } = overviewOf(model.graph);
	session.start(model, inputs.chosen, outputs.chosen, options);
	return {
		kind: 'text',
		data: {
			file: model.path,
			format: model.format,
			...size,
			inputs: session.inputs,
			outputs: session.outputs,
			odd,
			...signatureData(model),
		},
		blocks: [
			text([
				span(model.fileName ?? model.path, 'strong'),
				span(` · ${model.format} · ${plural(size.nodes, 'node')} · ${humanCount(size.params)} params`),
				span(` · ${humanBytes(size.bytes)} · ${plural(session.inputs.length, 'input')}`),
				span(` · ${plural(session.outputs.length, 'output')}`),
			]),
			text(...signatureLines(model.path, model.graph.parts.context), ...lines),
		],
		next: odd.some(({ kind }) => kind === 'variables')
			? ['freeze', 'summary', 'signatures']
			: ['summary', 'inputs', 'outputs'],
	};
}

/** Tags and signatures, for models that have them. */
function signatureData({ graph }: OpenModel): Record<string, unknown> {
	const { context } = graph.parts;
	if (!context) return {};
	return {
		tags: context.tags,
		signature: context.signature?.name ?? null,
		signatures: context.signatures.map((signature) => signature.name),
	};
}
