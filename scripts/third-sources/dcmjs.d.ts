/** What is used of dcmjs, which brings no types. Names of retired attributes begin with `RETIRED_`. */
declare module 'dcmjs' {
  export const data: {
    readonly DicomMetaDictionary: {
      /** By tags such as `(0010,0010)`. Its keys cannot be listed. */
      readonly dictionary: Readonly<
        Record<string, { readonly vr: string; readonly name: string } | undefined>
      >;
    };
  };
}
