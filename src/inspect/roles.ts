/**
 * What a node is there for: computing the model's answer, or training, saving, starting and watching it. Told
 * from ops first, from the scopes that TensorFlow's own libraries write second.
 */
import type { Graph } from '../graph/graph.ts';
import type { Node } from '../graph/node.ts';

export type Role =
	| 'compute'
	| 'gradient'
	| 'optimizer'
	| 'summary'
	| 'saver'
	| 'init'
	| 'assert'
	| 'pipeline'
	| 'variable';

const gradientOp = /Grad(?:V\d|Ext|WithOffset|Grad)?$|Backprop(?:Input|Filter|V\d)*$/;
const optimizerOp = /^(?:Resource)?(?:Sparse)?Apply[A-Z]/;
const summaryOp = /Summary(?:V\d)?$|^Write[A-Za-z]*Summary$|^(?:Create|Flush|Close)?Summary[A-Z]/;
const saverOp =
	/^(?:Save|Restore)(?:V2|Slice|Slices)?$|^ShardedFile(?:name|spec)$|^MergeV2Checkpoints$|^SaveSlices$/;
const initOp = /^(?:VarIsInitializedOp|IsVariableInitialized|InitializeTable.*|LookupTableImport.*)$/;
const assertOp = /^(?:Assert|CheckNumerics|Abort|Print|PrintV2)$/;
const pipelineOp =
	/Dataset(?:V\d)?$|^(?:Anonymous|OneShot|MultiDevice)?Iterator(?:V\d|FromStringHandle.*|ToStringHandle)?$|^MakeIterator$|Queue(?:Enqueue|Close|Size|IsClosed).*$|^(?:FIFO|RandomShuffle|PaddingFIFO|Priority)Queue(?:V2)?$|^(?:Stage|StageSize|StageClear|StagePeek)$|Reader(?:V2)?$|^Reader[A-Z]/;
const variableOp =
	/^(?:Variable|VariableV2|VarHandleOp|AutoReloadVariable|HashTable|HashTableV2|MutableHashTable.*|TemporaryVariable)$/;

const gradientScope = /(?:^|\/)(?:gradients(?:_\d+)?|gradient_tape)\//;
/** A transposed convolution is the gradient's op, and a layer where it stands outside of gradients. */
const transposedOp = /^(?:Conv[23]D|DepthwiseConv2dNative)BackpropInput(?:V2)?$/;
const saverScope = /(?:^|\/)save(?:_\d+)?\//;
const initScope =
	/(?:^|\/)(?:report_uninitialized_variables|init_all_tables|init_ops?)(?:_\d+)?(?:\/|$)|\/Initializer\/|\/IsInitialized\//;
const assertScope =
	/(?:^|\/)(?:[Aa]ssert_[a-z_]+(?:_\d+)?|Assert(?:_\d+)?)\/|static_checks_determined_all_ok$/;
const optimizerScope =
	/(?:^|\/)(?:train|training|train_op|optimizer)\/(?:update_|Adam|Adagrad|RMSprop|SGD|Ftrl)/;

/** The role of one node, by its op and name alone. */
function roleOf(node: Node): Role {
	const { op, name } = node;
	if (variableOp.test(op)) return 'variable';
	if (summaryOp.test(op)) return 'summary';
	if (saverOp.test(op)) return 'saver';
	if (optimizerOp.test(op)) return 'optimizer';
	if (initOp.test(op)) return 'init';
	if (assertOp.test(op)) return 'assert';
	if (pipelineOp.test(op)) return 'pipeline';
	if (saverScope.test(name)) return 'saver';
	if (gradientScope.test(name) || (gradientOp.test(op) && !transposedOp.test(op))) return 'gradient';
	if (op.startsWith('Assign')) return op === 'Assign' || op === 'AssignVariableOp' ? 'init' : 'optimizer';
	if (initScope.test(name)) return 'init';
	if (assertScope.test(name)) return 'assert';
	if (optimizerScope.test(name)) return 'optimizer';
	return 'compute';
}

const known = new WeakMap<Graph, readonly Role[]>();

/** The role of every node, in the graph's order. */
export function rolesOf(graph: Graph): readonly Role[] {
	let roles = known.get(graph);
	if (!roles) {
		roles = graph.nodes.map(roleOf);
		known.set(graph, roles);
	}
	return roles;
}
