import { Alert, Button, SegmentedControl, Stack, Text, Title, UnstyledButton } from '@mantine/core';
import { IconArrowRight, IconLogin2 } from '@tabler/icons-react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { explain } from '../../api/problem';
import { OpenDoors } from '../../app/OpenDoors';
import { Logo } from '../../components/Logo';
import { Outcome } from '../../components/Outcome';
import { issuerSignInUrl, sessionQuery, signIn } from '../../session/session';
import styles from './SignInPage.module.css';

const powers: Record<string, string> = {
  viewer: 'sees leads',
  agent: 'sees leads, runs AI',
  operator: 'sees and works operations',
  admin: 'also configures them',
};

const everyTenant = '';

/** Why the gateway sent the browser back here. */
const failures: Record<string, string> = {
  away: 'The identity provider did not answer.',
  denied: 'The identity provider did not let you in.',
  refused: 'You were let in, but what the identity provider said of you is not valid for this server. Its log says why.',
  state: 'The sign-in took too long, or was begun in another window. Please begin again.',
  out: 'You are signed out here. The identity provider did not answer, and may still know you.',
};

/** An identity provider that was away is shown to be back within this. */
const lookAgainMs = 3_000;

export function SignInPage() {
  const session = useQuery({
    ...sessionQuery,
    refetchInterval: ({ state }) => (state.data?.issuer?.available === false ? lookAgainMs : false),
  });
  const { failed } = useSearch({ from: '/sign-in' });
  const choices = session.data?.development;
  const issuer = session.data?.issuer;
  return (
    <>
      {session.data && <OpenDoors session={session.data} />}
      <main className={styles.page}>
        <div className={styles.card}>
          <div className={styles.brand}>
            <Logo size={36} />
            <div>
              <Title order={1} size={20}>
                AetherLink
              </Title>
              <Text size="sm" c="dimmed">
                What is wrong, since when, and what is being done about it
              </Text>
            </div>
          </div>
          {session.isPending && <Outcome state="loading" what="Sign-in" />}
          {session.isError && (
            <Outcome
              state="failed"
              what="The sign-in"
              error={session.error}
              onRetry={() => void session.refetch()}
              retrying={session.isFetching}
            />
          )}
          {failed && failures[failed] && (
            <Alert color={failed === 'out' ? 'gray' : 'red'} role="alert" mb="lg" data-testid="sign-in-failed">
              {failures[failed]}
            </Alert>
          )}
          {issuer && <IssuerSignIn available={issuer.available} />}
          {session.data && !choices && !issuer && (
            <Outcome
              state="empty"
              what="No way to sign in is configured"
              hint="Outside of Development people sign in through the identity provider, and this gateway has none yet."
            />
          )}
          {choices && <DevelopmentSignIn roles={choices.roles} tenants={choices.tenants} />}
        </div>
      </main>
    </>
  );
}

function IssuerSignIn({ available }: { available: boolean }) {
  const { to } = useSearch({ from: '/sign-in' });
  return (
    <Stack gap="md">
      <Button
        component="a"
        href={available ? issuerSignInUrl(to) : undefined}
        size="md"
        fullWidth
        disabled={!available}
        leftSection={<IconLogin2 size={18} stroke={1.7} />}
        data-testid="sign-in-issuer"
      >
        Sign in
      </Button>
      <Text size="xs" c="dimmed" ta="center" role="status">
        {available
          ? 'Your identity provider asks who you are, and sends you back here.'
          : 'The identity provider does not answer. This page goes on as soon as it does.'}
      </Text>
    </Stack>
  );
}

function DevelopmentSignIn({ roles, tenants }: { roles: string[]; tenants: string[] }) {
  const [tenant, setTenant] = useState(everyTenant);
  const { to } = useSearch({ from: '/sign-in' });
  const client = useQueryClient();
  const navigate = useNavigate();
  const entering = useMutation({
    mutationFn: (role: string) => signIn(role, tenant === everyTenant ? null : tenant),
    onSuccess: async (session) => {
      client.clear();
      client.setQueryData(sessionQuery.queryKey, session);
      await navigate({ href: to ?? '/' });
    },
  });

  return (
    <Stack gap="lg">
      <div>
        <Text size="sm" fw={500} mb={6} id="tenant-label">
          For the tenant
        </Text>
        <SegmentedControl
          fullWidth
          aria-labelledby="tenant-label"
          value={tenant}
          onChange={setTenant}
          data={[{ value: everyTenant, label: 'All' }, ...tenants.map((name) => ({ value: name, label: name }))]}
        />
      </div>
      <div>
        <Text size="sm" fw={500} mb={6}>
          Sign in as
        </Text>
        <Stack gap={8}>
          {roles.map((role) => (
            <UnstyledButton
              key={role}
              className={styles.role}
              disabled={entering.isPending}
              onClick={() => entering.mutate(role)}
              data-testid={`sign-in-${role}`}
            >
              <span className={styles.roleName}>{role}</span>
              <span className={styles.power}>{powers[role]}</span>
              <IconArrowRight size={16} stroke={1.6} className={styles.arrow} aria-hidden />
            </UnstyledButton>
          ))}
        </Stack>
      </div>
      {entering.isError && (
        <Alert color="red" role="alert">
          {explain(entering.error)}
        </Alert>
      )}
      <Text size="xs" c="dimmed" ta="center">
        This is Development: anybody may be anybody.
      </Text>
    </Stack>
  );
}
