/**
 * Every screen and its address. A screen is a script of its own, fetched when somebody goes there. What is in the address (filters,
 * pages, the chosen row) is read here into a typed object; what is not in it does not survive a reload, and should not have to.
 */
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  notFound,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { readListSearch } from '../campaigns/list-search.ts';
import { readOneSearch } from '../campaigns/one-search.ts';
import { queryClient } from '../lib/query.ts';
import { meQuery } from '../lib/session.ts';
import { readEditSearch } from '../new-campaign/steps.ts';
import { readOptOutsSearch } from '../opt-outs/opt-outs-search.ts';
import { readRepliesSearch } from '../replies/replies-search.ts';
import { readSettingsSearch } from '../settings/tabs.ts';
import { readTemplatesSearch } from '../templates/templates-search.ts';
import { ErrorScreen, NotFoundScreen } from './error-screen.tsx';
import { Shell } from './shell.tsx';

const root = createRootRoute({ component: Outlet, errorComponent: ErrorScreen, notFoundComponent: NotFoundScreen });

/** For whoever is not logged in. */
const login = createRoute({
  getParentRoute: () => root,
  path: '/login',
  validateSearch: (search: Record<string, unknown>): { next?: string } =>
    typeof search['next'] === 'string' ? { next: search['next'] } : {},
  component: lazyRouteComponent(() => import('../auth/login.tsx'), 'Login'),
});
const invitation = createRoute({
  getParentRoute: () => root,
  path: '/invitation',
  component: lazyRouteComponent(() => import('../auth/invitation.tsx'), 'Invitation'),
});

/** Everything else stands in the shell and needs a person, or a server without keys. */
const shell = createRoute({
  getParentRoute: () => root,
  id: 'shell',
  component: Shell,
  beforeLoad: async ({ location }) => {
    const me = await queryClient.query({ ...meQuery, staleTime: 'static' });
    if (me === null) throw redirect({ to: '/login', search: location.pathname === '/' ? {} : { next: location.href } });
  },
});

const screens = [
  createRoute({
    getParentRoute: () => shell,
    path: '/',
    beforeLoad: () => {
      throw redirect({ to: '/campaigns', search: {} });
    },
  }),
  createRoute({
    getParentRoute: () => shell,
    path: '/campaigns',
    validateSearch: readListSearch,
    component: lazyRouteComponent(() => import('../campaigns/list.tsx'), 'CampaignList'),
  }),
  createRoute({
    getParentRoute: () => shell,
    path: '/campaigns/new',
    component: lazyRouteComponent(() => import('../new-campaign/new.tsx'), 'NewCampaign'),
  }),
  createRoute({
    getParentRoute: () => shell,
    path: '/campaigns/$id/edit',
    params: { parse: ({ id }) => ({ id: idOf(id) }), stringify: ({ id }) => ({ id: String(id) }) },
    validateSearch: readEditSearch,
    component: lazyRouteComponent(() => import('../new-campaign/edit.tsx'), 'EditCampaign'),
  }),
  createRoute({
    getParentRoute: () => shell,
    path: '/campaigns/$id',
    params: { parse: ({ id }) => ({ id: idOf(id) }), stringify: ({ id }) => ({ id: String(id) }) },
    validateSearch: readOneSearch,
    component: lazyRouteComponent(() => import('../campaigns/campaign.tsx'), 'CampaignScreen'),
  }),
  createRoute({
    getParentRoute: () => shell,
    path: '/campaigns/$id/people/$recipientId',
    params: {
      parse: ({ id, recipientId }) => ({ id: idOf(id), recipientId: idOf(recipientId) }),
      stringify: ({ id, recipientId }) => ({ id: String(id), recipientId: String(recipientId) }),
    },
    component: lazyRouteComponent(() => import('../campaigns/people/story.tsx'), 'PersonStory'),
  }),
  createRoute({
    getParentRoute: () => shell,
    path: '/templates',
    validateSearch: readTemplatesSearch,
    component: lazyRouteComponent(() => import('../templates/list.tsx'), 'TemplateList'),
  }),
  createRoute({
    getParentRoute: () => shell,
    path: '/opt-outs',
    validateSearch: readOptOutsSearch,
    component: lazyRouteComponent(() => import('../opt-outs/opt-outs.tsx'), 'OptOuts'),
  }),
  createRoute({
    getParentRoute: () => shell,
    path: '/replies',
    validateSearch: readRepliesSearch,
    component: lazyRouteComponent(() => import('../replies/replies.tsx'), 'Replies'),
  }),
  createRoute({
    getParentRoute: () => shell,
    path: '/system',
    component: lazyRouteComponent(() => import('../system/system.tsx'), 'System'),
  }),
  createRoute({
    getParentRoute: () => shell,
    path: '/activity',
    validateSearch: (search: Record<string, unknown>): { readonly actor?: string } =>
      typeof search['actor'] === 'string' ? { actor: search['actor'] } : {},
    component: lazyRouteComponent(() => import('../activity/activity.tsx'), 'Activity'),
  }),
  createRoute({
    getParentRoute: () => shell,
    path: '/settings',
    validateSearch: readSettingsSearch,
    component: lazyRouteComponent(() => import('../settings/settings.tsx'), 'Settings'),
  }),
] as const;

/** Of an address; anything else is no screen of ours. */
function idOf(text: string): number {
  if (!/^[1-9]\d{0,9}$/.test(text)) throw notFound();
  return Number(text);
}

export const router = createRouter({
  routeTree: root.addChildren([login, invitation, shell.addChildren(screens)]),
  defaultPreload: 'intent',
  scrollRestoration: true,
  defaultErrorComponent: ErrorScreen,
  // Loading is the screen's own affair: it knows what is coming.
  defaultPendingMs: 1_000,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
