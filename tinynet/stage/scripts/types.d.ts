/** What Python sends, and what the modules hand to each other. */

/** An array behind the states of a film: where it starts, in numbers, and its shape. */
export interface Cut {
  start: number;
  shape: number[];
}

export interface Colours {
  positive: string;
  negative: string;
  classes: string[];
}

/** The functions of the registry, by the names that a message uses. */
export interface FunctionTable {
  features: Record<string, (x1: number, x2: number) => number>;
  activations: Record<string, (x: number) => number>;
}

export interface FunctionNames {
  features: string[];
  activation: string;
  last: string | null;
}

/** The functions of one network. */
export interface Functions {
  features: (x1: number, x2: number) => number[];
  activation: (x: number) => number;
  last: (x: number) => number;
}

export interface FieldFacts {
  dimensions: number;
  functions: FunctionNames;
  points: Cut;
  targets: Cut;
  testPoints: Cut;
  testTargets: Cut;
}

export interface ScatterFacts {
  functions: FunctionNames;
  inputs: Cut;
  targets: Cut;
  testInputs: Cut;
  testTargets: Cut;
  areAll: boolean;
  areAllTests: boolean;
}

/** How the pictures of the rows look, and rows to judge. */
export interface PadFacts {
  functions: FunctionNames;
  inputs: Cut;
  targets: Cut;
  whose: string;
  isInverted: boolean;
  share: number;
  across: number[];
  down: number[];
}

/** A row that is drawn, or picked among the pictures: the value of each node, column by column. */
export interface Alone {
  name: string;
  values: Float32Array;
  columns: Float32Array[][];
  strokes: Point[][];
  index: number | null;
  target: number | null;
}

/** How points are written as bytes, and how many there may be. */
export interface PaintRules {
  most: number;
  classes: number;
  numbers: number[];
  middle: number;
  highest: number;
  steps: number;
  stepsOfANumber: number;
}

export interface EaselFacts extends PaintRules {
  data: string;
  opens: boolean;
  points: number[] | null;
  stroke: number | null;
}

export interface Figure {
  name: string;
  label: string;
  value: string;
  note: string;
  meaning: string;
  judgement?: string;
}

export interface FigureFacts {
  rows: number;
  testRows: number;
  scores: (number | null)[];
  testScores: (number | null)[];
  testLosses: string[];
  each: Figure[];
}

export interface ChartLine {
  y: Cut;
  name: string;
  line: { color: string; dash?: string; width: number };
  hovertemplate?: string;
  showlegend?: boolean;
}

// biome-ignore lint/suspicious/noExplicitAny: plotly brings no types
export type Layout = any;

export interface PlotlyFigure {
  data: Record<string, unknown>[];
  layout: Layout;
}

export interface ChartFacts {
  script: string;
  previous: ChartLine | null;
  lines: ChartLine[];
  layout: Layout;
  scales: Record<string, { layout: Layout; namesPrevious: boolean; description: string }>;
}

/** The facts of a film that its words need. */
export interface NamedNetwork {
  widths: number[];
  names: string[];
  classNames?: string[];
}

/** What turns a standardised target into the unit of its file. */
export interface Unit {
  name: string;
  mean: number;
  deviation: number;
  isDate: boolean;
}

/** The message from which the player draws. */
export interface Message extends NamedNetwork {
  name: string;
  story?: string;
  classNames: string[];
  rows: number;
  areAllRows: boolean;
  x: number[];
  targets: number[];
  classes: boolean;
  shutsOff: boolean;
  whose: string | null;
  only?: { name: string; point: number }; // number in the file; place among the points, or -1
  lossName: string;
  losses: string[];
  epochs: number[];
  of: number;
  state: number | null;
  jumps: number;
  moves: number;
  plays: boolean;
  isFinished: boolean;
  goesOnFrom: number | null;
  opensEpochs: boolean;
  picksRows: boolean;
  rates: number[] | null;
  lastLayersRates: number[] | null;
  colours: Colours;
  field: FieldFacts | null;
  scatter: ScatterFacts | null;
  unit?: Unit | null;
  pixels?: { side: number; pad: PadFacts | null } | null;
  easel: EaselFacts | null;
  shape: ShapeFacts | null;
  isBeside: boolean;
  chart?: ChartFacts;
  figures?: FigureFacts;
  fieldStart: number;
  numbers: Float32Array;
}

/** Where the numbers of a layer start: among the parameters, and the activations. */
export interface Layer {
  inputs: number;
  units: number;
  weights: number;
  biases: number;
  activations: number;
}

export type Part = (state: number) => Float32Array;

export interface Film {
  states: number;
  layers: Layer[];
  loss: Part;
  parameters: Part;
  gradients: Part;
  hidden: Part;
  predictions: Part;
}

export interface Scales {
  peaks: Float32Array;
  weight: number;
  bias: number;
  input: number;
  activation: number;
  low: number;
  high: number;
}

export interface Point {
  x: number;
  y: number;
}

export interface Box extends Point {
  width: number;
  height: number;
}

export interface Circle extends Point {
  radius: number;
}

/** A node of the network, by its column and its place in it. */
export interface Node {
  column: number;
  unit: number;
  from?: undefined;
}

/** A weight: the edge to a unit from one of the column before; its place among the parameters. */
export interface Edge {
  column: number;
  unit: number;
  from: number;
  place: number;
}

export type Element = Node | Edge;

export interface Places {
  network: { width: number; height: number };
  answers: Box;
  columns: Circle[][];
  gap: number;
  height: number;
}

/** Rows in the plane or on the line. */
export interface Rows {
  points: ArrayLike<number> & Iterable<number>;
  targets: number[];
  testPoints: ArrayLike<number> & Iterable<number>;
  testTargets: number[];
}

/** A point as it is painted: right, up, and its class or number, each a byte. */
export type PaintedPoint = number[];

/** What a line of an epoch lights in the player's picture. */
export interface Lit {
  run: string;
  epoch: number;
  batch: number;
  words: string;
  numbers?: (ArrayLike<number> & Iterable<number>) | null;
  answers?: boolean;
  row?: number | null;
}

/** What the player tells whoever put it up. */
export interface Told {
  shape: { layers?: number[]; features?: string[] };
  paint: { stroke: number; numbers: boolean; points: number[] };
  rest: number;
  pick: { row: number } | { all: true } | { layer: number; unit: number };
}

export type Tell = <Name extends keyof Told>(name: Name, value: Told[Name]) => void;

/** What the visitor can change on the drawing. */
export interface ShapeFacts {
  layers: number[];
  mostLayers: number;
  mostUnits: number;
  features: { name: string; label: string; isOn: boolean }[];
}

/** What Streamlit hands to a component. */
export interface Component<Data> {
  data: Data;
  parentElement: HTMLElement;
  setTriggerValue: (name: string, value: unknown) => void;
  setStateValue: (name: string, value: unknown) => void;
}
