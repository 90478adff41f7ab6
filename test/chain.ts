/** The walk-through's chain, step by step: what people ask of the C++ tool most. */
export const CHAIN_STEPS: readonly string[] = [
	'remove_nodes(op=Identity, op=CheckNumerics)',
	'fold_constants(ignore_errors=true)',
	'fold_batch_norms',
	'fold_old_batch_norms',
	'quantize_weights',
	'strip_unused_nodes',
	'merge_duplicate_nodes',
	'sort_by_execution_order',
];
