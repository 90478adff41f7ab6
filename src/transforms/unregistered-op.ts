import { WhittleError } from '../graph/error.ts';

/** The C++ tool's complaint about an op that no TensorFlow build registers; the tool names its machine in it. */
export function unregisteredOp(op: string): WhittleError {
	return new WhittleError(
		'transform',
		`Op type not registered '${op}' in binary running on localhost. ` +
			'Make sure the Op and Kernel are registered in the binary running in this process. ' +
			'Note that if you are loading a saved graph which used ops from tf.contrib (e.g. ' +
			'`tf.contrib.resampler`), accessing should be done before importing the graph, as contrib ops are ' +
			'lazily registered when the module is first accessed.',
		{
			hint: 'The op is a custom one or a function of the graph; ignore_errors=true goes on without this step.',
		},
	);
}
