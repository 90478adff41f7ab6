// Generated from the .proto files by `npm run proto`. Do not edit.
import type Long from 'long';

export interface AllocationDescription {
	requested_bytes: Long;
	allocated_bytes: Long;
	allocator_name: string;
	allocation_id: Long;
	has_single_reference: boolean;
	ptr: Long;
}

export interface AttrValue {
	s?: Uint8Array;
	i?: Long;
	f?: number;
	b?: boolean;
	type?: number;
	shape?: TensorShapeProto;
	tensor?: TensorProto;
	list?: AttrValue_ListValue;
	func?: NameAttrList;
	placeholder?: string;
}

export interface AttrValue_ListValue {
	s: Uint8Array[];
	i: Long[];
	f: number[];
	b: boolean[];
	type: number[];
	shape: TensorShapeProto[];
	tensor: TensorProto[];
	func: NameAttrList[];
}

export interface NameAttrList {
	name: string;
	attr: Record<string, AttrValue>;
}

export interface TensorProto {
	dtype: number;
	tensor_shape: TensorShapeProto | null;
	version_number: number;
	tensor_content: Uint8Array;
	half_val: number[];
	float_val: number[];
	double_val: number[];
	int_val: number[];
	string_val: Uint8Array[];
	scomplex_val: number[];
	int64_val: Long[];
	bool_val: boolean[];
	dcomplex_val: number[];
	resource_handle_val: ResourceHandleProto[];
	variant_val: VariantTensorDataProto[];
	uint32_val: number[];
	uint64_val: Long[];
	float8_val: Uint8Array;
}

export interface VariantTensorDataProto {
	type_name: string;
	metadata: Uint8Array;
	tensors: TensorProto[];
}

export interface ResourceHandleProto {
	device: string;
	container: string;
	name: string;
	hash_code: Long;
	maybe_type_name: string;
	dtypes_and_shapes: ResourceHandleProto_DtypeAndShape[];
}

export interface ResourceHandleProto_DtypeAndShape {
	dtype: number;
	shape: TensorShapeProto | null;
}

export interface TensorShapeProto {
	dim: TensorShapeProto_Dim[];
	unknown_rank: boolean;
}

export interface TensorShapeProto_Dim {
	size: Long;
	name: string;
}

export interface SerializedDType {
	datatype: number;
}

export interface FullTypeDef {
	type_id: number;
	args: FullTypeDef[];
	s?: string;
	i?: Long;
}

export interface FunctionDefLibrary {
	function: FunctionDef[];
	gradient: GradientDef[];
	registered_gradients: RegisteredGradient[];
}

export interface FunctionDef {
	signature: OpDef | null;
	attr: Record<string, AttrValue>;
	arg_attr: Record<string, FunctionDef_ArgAttrs>;
	resource_arg_unique_id: Record<string, number>;
	node_def: NodeDef[];
	ret: Record<string, string>;
	control_ret: Record<string, string>;
}

export interface FunctionDef_ArgAttrs {
	attr: Record<string, AttrValue>;
}

export interface GradientDef {
	function_name: string;
	gradient_func: string;
}

export interface RegisteredGradient {
	gradient_func: string;
	registered_op_type: string;
}

export interface NodeDef {
	name: string;
	op: string;
	input: string[];
	device: string;
	attr: Record<string, AttrValue>;
	experimental_debug_info: NodeDef_ExperimentalDebugInfo | null;
	experimental_type: FullTypeDef | null;
}

export interface NodeDef_ExperimentalDebugInfo {
	original_node_names: string[];
	original_func_names: string[];
}

export interface OpDef {
	name: string;
	input_arg: OpDef_ArgDef[];
	output_arg: OpDef_ArgDef[];
	control_output: string[];
	attr: OpDef_AttrDef[];
	deprecation: OpDeprecation | null;
	summary: string;
	description: string;
	is_commutative: boolean;
	is_aggregate: boolean;
	is_stateful: boolean;
	allows_uninitialized_input: boolean;
	is_distributed_communication: boolean;
}

export interface OpDef_ArgDef {
	name: string;
	description: string;
	type: number;
	type_attr: string;
	number_attr: string;
	type_list_attr: string;
	handle_data: ResourceHandleProto_DtypeAndShape[];
	is_ref: boolean;
	experimental_full_type: FullTypeDef | null;
}

export interface OpDef_AttrDef {
	name: string;
	type: string;
	default_value: AttrValue | null;
	description: string;
	has_minimum: boolean;
	minimum: Long;
	allowed_values: AttrValue | null;
}

export interface OpDeprecation {
	version: number;
	explanation: string;
}

export interface OpList {
	op: OpDef[];
}

export interface GraphDef {
	node: NodeDef[];
	versions: VersionDef | null;
	version: number;
	library: FunctionDefLibrary | null;
	debug_info: GraphDebugInfo | null;
}

export interface GraphDebugInfo {
	files: string[];
	frames_by_id: Record<string, GraphDebugInfo_FileLineCol>;
	traces_by_id: Record<string, GraphDebugInfo_StackTrace>;
	traces: Record<string, GraphDebugInfo_StackTrace>;
	name_to_trace_id: Record<string, Long>;
}

export interface GraphDebugInfo_FileLineCol {
	file_index: number;
	line: number;
	col: number;
	func: string;
	code: string;
}

export interface GraphDebugInfo_StackTrace {
	file_line_cols: GraphDebugInfo_FileLineCol[];
	frame_id: Long[];
}

export interface VersionDef {
	producer: number;
	min_consumer: number;
	bad_consumers: number[];
}

export interface AllocationRecord {
	alloc_micros: Long;
	alloc_bytes: Long;
}

export interface AllocatorMemoryUsed {
	allocator_name: string;
	total_bytes: Long;
	peak_bytes: Long;
	live_bytes: Long;
	allocation_records: AllocationRecord[];
	allocator_bytes_in_use: Long;
}

export interface NodeOutput {
	slot: number;
	tensor_description: TensorDescription | null;
}

export interface MemoryStats {
	temp_memory_size: Long;
	persistent_memory_size: Long;
	persistent_tensor_alloc_ids: Long[];
	device_temp_memory_size: Long;
	device_persistent_memory_size: Long;
	device_persistent_tensor_alloc_ids: Long[];
}

export interface NodeExecStats {
	node_name: string;
	all_start_micros: Long;
	op_start_rel_micros: Long;
	op_end_rel_micros: Long;
	all_end_rel_micros: Long;
	memory: AllocatorMemoryUsed[];
	output: NodeOutput[];
	timeline_label: string;
	scheduled_micros: Long;
	thread_id: number;
	referenced_tensor: AllocationDescription[];
	memory_stats: MemoryStats | null;
	all_start_nanos: Long;
	op_start_rel_nanos: Long;
	op_end_rel_nanos: Long;
	all_end_rel_nanos: Long;
	scheduled_nanos: Long;
}

export interface DeviceStepStats {
	device: string;
	node_stats: NodeExecStats[];
	thread_names: Record<string, string>;
}

export interface StepStats {
	dev_stats: DeviceStepStats[];
}

export interface TensorDescription {
	dtype: number;
	shape: TensorShapeProto | null;
	allocation_description: AllocationDescription | null;
}

export interface TensorSliceProto {
	extent: TensorSliceProto_Extent[];
}

export interface TensorSliceProto_Extent {
	start: Long;
	length?: Long;
}

export interface VariableDef {
	variable_name: string;
	initial_value_name: string;
	initializer_name: string;
	snapshot_name: string;
	save_slice_info_def: SaveSliceInfoDef | null;
	is_resource: boolean;
	trainable: boolean;
	synchronization: number;
	aggregation: number;
}

export interface SaveSliceInfoDef {
	full_name: string;
	full_shape: Long[];
	var_offset: Long[];
	var_shape: Long[];
}

export interface FingerprintDef {
	saved_model_checksum: Long;
	graph_def_program_hash: Long;
	signature_def_hash: Long;
	saved_object_graph_hash: Long;
	checkpoint_hash: Long;
	uuid: string;
	version: VersionDef | null;
}

export interface MetaGraphDef {
	meta_info_def: MetaGraphDef_MetaInfoDef | null;
	graph_def: GraphDef | null;
	saver_def: SaverDef | null;
	collection_def: Record<string, CollectionDef>;
	signature_def: Record<string, SignatureDef>;
	asset_file_def: AssetFileDef[];
	object_graph_def: SavedObjectGraph | null;
}

export interface MetaGraphDef_MetaInfoDef {
	meta_graph_version: string;
	stripped_op_list: OpList | null;
	any_info: Any | null;
	tags: string[];
	tensorflow_version: string;
	tensorflow_git_version: string;
	stripped_default_attrs: boolean;
	function_aliases: Record<string, string>;
}

export interface CollectionDef {
	node_list?: CollectionDef_NodeList;
	bytes_list?: CollectionDef_BytesList;
	int64_list?: CollectionDef_Int64List;
	float_list?: CollectionDef_FloatList;
	any_list?: CollectionDef_AnyList;
}

export interface CollectionDef_NodeList {
	value: string[];
}

export interface CollectionDef_BytesList {
	value: Uint8Array[];
}

export interface CollectionDef_Int64List {
	value: Long[];
}

export interface CollectionDef_FloatList {
	value: number[];
}

export interface CollectionDef_AnyList {
	value: Any[];
}

export interface TensorInfo {
	name?: string;
	coo_sparse?: TensorInfo_CooSparse;
	composite_tensor?: TensorInfo_CompositeTensor;
	dtype: number;
	tensor_shape: TensorShapeProto | null;
}

export interface TensorInfo_CooSparse {
	values_tensor_name: string;
	indices_tensor_name: string;
	dense_shape_tensor_name: string;
}

export interface TensorInfo_CompositeTensor {
	type_spec: TypeSpecProto | null;
	components: TensorInfo[];
}

export interface SignatureDef {
	inputs: Record<string, TensorInfo>;
	outputs: Record<string, TensorInfo>;
	method_name: string;
	defaults: Record<string, TensorProto>;
}

export interface AssetFileDef {
	tensor_info: TensorInfo | null;
	filename: string;
}

export interface SavedObjectGraph {
	nodes: SavedObject[];
	concrete_functions: Record<string, SavedConcreteFunction>;
}

export interface SavedObject {
	children: TrackableObjectGraph_TrackableObject_ObjectReference[];
	dependencies: TrackableObjectGraph_TrackableObject_ObjectReference[];
	slot_variables: TrackableObjectGraph_TrackableObject_SlotVariableReference[];
	user_object?: SavedUserObject;
	asset?: SavedAsset;
	function?: SavedFunction;
	variable?: SavedVariable;
	bare_concrete_function?: SavedBareConcreteFunction;
	constant?: SavedConstant;
	resource?: SavedResource;
	captured_tensor?: CapturedTensor;
	saveable_objects: Record<string, SaveableObject>;
	registered_name: string;
	serialized_user_proto: Any | null;
	registered_saver: string;
}

export interface SavedUserObject {
	identifier: string;
	version: VersionDef | null;
	metadata: string;
}

export interface SavedAsset {
	asset_file_def_index: number;
}

export interface SavedFunction {
	concrete_functions: string[];
	function_spec: FunctionSpec | null;
}

export interface CapturedTensor {
	name: string;
	concrete_function: string;
}

export interface SavedConcreteFunction {
	bound_inputs: number[];
	canonicalized_input_signature: StructuredValue | null;
	output_signature: StructuredValue | null;
}

export interface SavedBareConcreteFunction {
	concrete_function_name: string;
	argument_keywords: string[];
	allowed_positional_arguments: Long;
	function_spec: FunctionSpec | null;
}

export interface SavedConstant {
	operation: string;
}

export interface SavedVariable {
	dtype: number;
	shape: TensorShapeProto | null;
	trainable: boolean;
	synchronization: number;
	aggregation: number;
	name: string;
	device: string;
	experimental_distributed_variable_components: SavedVariable[];
}

export interface FunctionSpec {
	fullargspec: StructuredValue | null;
	is_method: boolean;
	input_signature: StructuredValue | null;
	jit_compile: number;
}

export interface SavedResource {
	device: string;
}

export interface SaveableObject {
	save_function: number;
	restore_function: number;
}

export interface StructuredValue {
	none_value?: NoneValue;
	float64_value?: number;
	int64_value?: number;
	string_value?: string;
	bool_value?: boolean;
	tensor_shape_value?: TensorShapeProto;
	tensor_dtype_value?: number;
	tensor_spec_value?: TensorSpecProto;
	type_spec_value?: TypeSpecProto;
	bounded_tensor_spec_value?: BoundedTensorSpecProto;
	list_value?: ListValue;
	tuple_value?: TupleValue;
	dict_value?: DictValue;
	named_tuple_value?: NamedTupleValue;
	tensor_value?: TensorProto;
	numpy_value?: TensorProto;
}

export interface NoneValue {
}

export interface ListValue {
	values: StructuredValue[];
}

export interface TupleValue {
	values: StructuredValue[];
}

export interface DictValue {
	fields: Record<string, StructuredValue>;
}

export interface PairValue {
	key: string;
	value: StructuredValue | null;
}

export interface NamedTupleValue {
	name: string;
	values: PairValue[];
}

export interface TensorSpecProto {
	name: string;
	shape: TensorShapeProto | null;
	dtype: number;
}

export interface BoundedTensorSpecProto {
	name: string;
	shape: TensorShapeProto | null;
	dtype: number;
	minimum: TensorProto | null;
	maximum: TensorProto | null;
}

export interface TypeSpecProto {
	type_spec_class: number;
	type_state: StructuredValue | null;
	type_spec_class_name: string;
	num_flat_components: number;
}

export interface TrackableObjectGraph {
	nodes: TrackableObjectGraph_TrackableObject[];
}

export interface TrackableObjectGraph_TrackableObject {
	children: TrackableObjectGraph_TrackableObject_ObjectReference[];
	attributes: TrackableObjectGraph_TrackableObject_SerializedTensor[];
	slot_variables: TrackableObjectGraph_TrackableObject_SlotVariableReference[];
	registered_saver: RegisteredSaver | null;
	has_checkpoint_values: BoolValue | null;
}

export interface TrackableObjectGraph_TrackableObject_ObjectReference {
	node_id: number;
	local_name: string;
}

export interface TrackableObjectGraph_TrackableObject_SerializedTensor {
	name: string;
	full_name: string;
	checkpoint_key: string;
}

export interface TrackableObjectGraph_TrackableObject_SlotVariableReference {
	original_variable_node_id: number;
	slot_name: string;
	slot_variable_node_id: number;
}

export interface RegisteredSaver {
	name: string;
	object_name: string;
}

export interface SaverDef {
	filename_tensor_name: string;
	save_tensor_name: string;
	restore_op_name: string;
	max_to_keep: number;
	sharded: boolean;
	keep_checkpoint_every_n_hours: number;
	version: number;
}

export interface SavedModel {
	saved_model_schema_version: Long;
	meta_graphs: MetaGraphDef[];
}

export interface BundleHeaderProto {
	num_shards: number;
	endianness: number;
	version: VersionDef | null;
}

export interface BundleEntryProto {
	dtype: number;
	shape: TensorShapeProto | null;
	shard_id: number;
	offset: Long;
	size: Long;
	crc32c: number;
	slices: TensorSliceProto[];
}

export interface Any {
	type_url: string;
	value: Uint8Array;
}

export interface DoubleValue {
	value: number;
}

export interface FloatValue {
	value: number;
}

export interface Int64Value {
	value: Long;
}

export interface UInt64Value {
	value: Long;
}

export interface Int32Value {
	value: number;
}

export interface UInt32Value {
	value: number;
}

export interface BoolValue {
	value: boolean;
}

export interface StringValue {
	value: string;
}

export interface BytesValue {
	value: Uint8Array;
}
