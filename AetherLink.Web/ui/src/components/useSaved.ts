import { useMutation, useQueryClient, type QueryKey } from '@tanstack/react-query';
import { useState } from 'react';
import { useDraft } from './draft';

interface Saving<Draft, Saved> {
  begin: Draft;
  send: (draft: Draft) => Promise<Saved>;
  /** What is old once it is saved. */
  queryKey: QueryKey;
  onSaved: (saved: Saved) => void;
  /** How the server names a field, where it is not as the draft does. */
  wireName?: (field: keyof Draft & string) => string;
}

/** A draft, and the way to save it: what a DraftForm needs. */
export function useSaved<Draft extends object, Saved>({ begin, send, queryKey, onSaved, wireName }: Saving<Draft, Saved>) {
  const client = useQueryClient();
  const [error, setError] = useState<unknown>(null);
  const form = useDraft(begin, error, wireName);
  const save = useMutation({
    mutationFn: () => send(form.draft),
    onMutate: () => form.sent(),
    onError: setError,
    onSuccess: (saved) => {
      void client.invalidateQueries({ queryKey });
      onSaved(saved);
    },
  });
  return { form, sending: { pending: save.isPending, error: form.failed ? error : null, onSend: () => save.mutate() } };
}
