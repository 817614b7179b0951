// The server serves idiomorph's own module under this name; only what we use is declared.
export const Idiomorph: {
  morph(
    element: Element,
    content: Element,
    config: {
      readonly morphStyle: 'outerHTML';
      readonly callbacks: {
        readonly beforeNodeMorphed?: (from: Node, to: Node) => boolean;
        readonly beforeAttributeUpdated?: (name: string, element: Element, mutation: 'update' | 'remove') => boolean;
      };
    },
  ): void;
};
