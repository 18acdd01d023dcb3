import { Avatar, Menu, Text, UnstyledButton } from '@mantine/core';
import { IconChevronDown, IconLogout } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import type { Session } from '../api/types';
import { sessionQuery, signOut } from '../session/session';
import styles from './UserMenu.module.css';

export function UserMenu({ session }: { session: Session }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const leaving = useMutation({
    mutationFn: signOut,
    onSuccess: async (ended) => {
      // The session has ended here; at the issuer it ends by way of this address, which brings the browser back.
      if (ended.sign_out_url) {
        window.location.assign(ended.sign_out_url);
        return;
      }
      client.clear();
      client.setQueryData(sessionQuery.queryKey, ended);
      await navigate({ to: '/sign-in' });
    },
  });
  const name = session.name ?? 'Signed in';
  const role = session.roles.join(', ') || 'no role';
  const tenant = session.tenant_id ?? 'All tenants';

  return (
    <Menu position="bottom-end" width={220} shadow="md">
      <Menu.Target>
        <UnstyledButton className={styles.target} data-testid="user-menu">
          <Avatar size={28} radius="xl" color="aether" name={name} aria-hidden />
          <span className={styles.words}>
            <span className={styles.role}>{role}</span>
            <span className={styles.tenant}>{tenant}</span>
          </span>
          <IconChevronDown size={14} className={styles.tenant} aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <div className={styles.who}>
          <Text size="sm" fw={600}>
            {name}
          </Text>
          <Text size="xs" c="dimmed">
            {role} · {tenant}
          </Text>
        </div>
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconLogout size={16} stroke={1.6} />}
          onClick={() => leaving.mutate()}
          disabled={leaving.isPending}
          data-testid="sign-out"
        >
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
