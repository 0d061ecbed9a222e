/** Where an area in an S3 store lies and how it is asked. It holds no credentials: those come from the SDK's default chain. */

export interface S3Location {
  readonly bucket: string;
  /** Starts every key of the area: empty, or ending in a slash. */
  readonly prefix: string;
  readonly region?: string;
  /** URL of a store that is not AWS. */
  readonly endpoint?: string;
  /** The bucket stands in the path instead of the host name. */
  readonly forcePathStyle: boolean;
  /** Whoever asks pays for requests and transfer. */
  readonly requesterPays: boolean;
  /** The account, of twelve digits, that must own the bucket. */
  readonly expectedBucketOwner?: string;
  /** What is written is encrypted under this KMS key. */
  readonly kmsKeyId?: string;
}

/** The fields that every request about the bucket carries. */
export function bucketFields({ bucket, expectedBucketOwner, requesterPays }: S3Location) {
  return {
    Bucket: bucket,
    ...(expectedBucketOwner === undefined ? {} : { ExpectedBucketOwner: expectedBucketOwner }),
    ...(requesterPays ? { RequestPayer: 'requester' as const } : {}),
  };
}

/** The fields of a request that makes an object. */
export function encryptionFields({ kmsKeyId }: S3Location) {
  return kmsKeyId === undefined
    ? {}
    : ({ ServerSideEncryption: 'aws:kms', SSEKMSKeyId: kmsKeyId, BucketKeyEnabled: true } as const);
}
