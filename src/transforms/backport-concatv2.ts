/**
 *   before   y = ConcatV2(a, b, axis) {Tidx: int32}
 *   after    y = Concat(axis, a, b)
 */
import { WhittleError } from '../graph/error.ts';
import { isControl } from '../graph/names.ts';
import { defineTransform } from './define.ts';
import { parsePattern } from './pattern.ts';
import { replaceMatches } from './replace-matches.ts';

const CONCAT = parsePattern('ConcatV2');

export default defineTransform({
	name: 'backport_concatv2',
	summary: 'write ConcatV2 as the old Concat, for old runtimes',
	details:
		'The last input comes first. As in the C++ tool that is the last of all: a ConcatV2 with a control input ' +
		'becomes a node that TensorFlow refuses, so run remove_control_dependencies before.',
	origin: 'tensorflow',
	loss: 'exact',
	picture: 'before   y = ConcatV2(a, b, axis)\nafter    y = Concat(axis, a, b)',
	params: {},
	examples: ['backport_concatv2'],
	after: ['remove_control_dependencies'],
	seeAlso: ['backport_tensor_array_v3'],

	*apply({ graph, report }) {
		const replaced = yield* replaceMatches(
			graph,
			CONCAT,
			({ head }) => {
				const last = head.inputs.at(-1);
				if (last === undefined)
					throw new WhittleError('transform', `\`${head.name}\` (ConcatV2) has no input`);
				if (isControl(last))
					report.warn(`\`${head.name}\` has a control input, which comes first now: TensorFlow refuses that`);
				const inputs = [last, ...head.inputs.slice(0, -1)];
				return [head.with({ op: 'Concat', inputs }).withoutAttr('Tidx')];
			},
			{ allowInconsistencies: true },
		);
		if (replaced.matches.length === 0) report.note('there is no ConcatV2 in the graph');
		return replaced.graph;
	},
});
