/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gi18n-lib.h>

#include "client/ac-query-text.h"
#include "window/ac-link-opener.h"
#include "window/ac-link.h"
#include "window/ac-saved-view.h"

struct _AcLinkOpener
{
  GObject parent_instance;

  AcSession *session;
  AcLink *link;              /* that is being opened; nullable */
  gboolean waiting;          /* for a connection */
  GCancellable *cancellable; /* nullable */
};

G_DEFINE_FINAL_TYPE (AcLinkOpener, ac_link_opener, G_TYPE_OBJECT)

enum
{
  OPEN_VIEW,
  OPEN_ACTION,
  OPEN_INVESTIGATION,
  FAILED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

/* A later link takes the place of one that is still being opened. */
static void
stop (AcLinkOpener *self)
{
  g_cancellable_cancel (self->cancellable);
  g_clear_object (&self->cancellable);
  g_clear_pointer (&self->link, ac_link_free);
  self->waiting = FALSE;
}

static void
fail (AcLinkOpener *self, const char *sentence)
{
  stop (self);
  g_signal_emit (self, signals[FAILED], 0, sentence);
}

static void
show_action (AcLinkOpener *self, AcAction *action)
{
  stop (self);
  g_signal_emit (self, signals[OPEN_ACTION], 0, action);
}

/* --- an action: from the mirror, or from the service when the mirror does not have it --- */

static void
action_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AcLinkOpener) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (AcAction) action = ac_api_get_action_finish (AC_API (object), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->link == NULL)
    return;
  if (action != NULL)
    show_action (self, action);
  else
    fail (self, error->message);
}

static void
ask_service (AcLinkOpener *self)
{
  AcApi *api = ac_session_get_api (self->session);
  g_autofree char *sentence = NULL;

  if (api != NULL)
    {
      ac_api_get_action_async (api, self->link->id, self->cancellable, action_cb,
                               g_object_ref (self));
      return;
    }
  /* Translators: an id */
  sentence =
      g_strdup_printf (_ ("The action “%s” is not known here, and the service cannot be asked "
                          "now."),
                       self->link->id);
  fail (self, sentence);
}

static void
rows_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AcLinkOpener) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) rows =
      ac_action_source_load_rows_finish (AC_ACTION_SOURCE (object), result, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->link == NULL)
    return;
  if (rows != NULL && rows->len == 1 && rows->pdata[0] != NULL)
    show_action (self, rows->pdata[0]);
  else
    ask_service (self);
}

static void
key_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (AcLinkOpener) self = user_data;
  g_autoptr (GError) error = NULL;
  AcActionSource *source = AC_ACTION_SOURCE (object);
  guint64 key = 0;
  gboolean found = ac_action_source_find_key_finish (source, result, &key, &error);

  if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) || self->link == NULL)
    return;
  if (found && key != 0)
    ac_action_source_load_rows_async (source, &key, 1, self->cancellable, rows_cb,
                                      g_object_ref (self));
  else
    ask_service (self);
}

/* --- lists --- */

static void
open_list (AcLinkOpener *self, AcActionQuery *query)
{
  g_autofree char *filters = ac_query_text_format (query);
  const AcSavedView view = {
    .name = (char *)"",
    .tab = (char *)(self->link->kind == AC_LINK_PENDING ? "pending" : "history"),
    .filters = filters,
    .range = (char *)"all",
    .sort = (char *)"-updatedAt",
  };

  g_signal_emit (self, signals[OPEN_VIEW], 0, &view);
  stop (self);
}

static void
open_filtered (AcLinkOpener *self)
{
  g_autoptr (AcActionQuery) plain = ac_action_query_new (AC_TAB_ALL);
  g_autoptr (AcActionQuery) query = NULL;

  if (self->link->kind == AC_LINK_APPROVAL)
    query = ac_action_query_with_filter (plain, AC_FILTER_OPERATION,
                                         (const char *const[]){ self->link->id, NULL });
  else if (self->link->filters != NULL)
    query = ac_query_text_parse (plain, self->link->filters, NULL);
  open_list (self, query != NULL ? query : plain);
}

static void
open_now (AcLinkOpener *self)
{
  AcActionSource *source = ac_session_get_source (self->session);

  if (source == NULL)
    {
      self->waiting = TRUE;
      return;
    }
  self->waiting = FALSE;
  switch (self->link->kind)
    {
    case AC_LINK_ACTION:
      self->cancellable = g_cancellable_new ();
      ac_action_source_find_key_async (source, self->link->id, self->cancellable, key_cb,
                                       g_object_ref (self));
      break;
    case AC_LINK_INVESTIGATION:
      g_signal_emit (self, signals[OPEN_INVESTIGATION], 0, self->link->id);
      stop (self);
      break;
    case AC_LINK_PENDING:
    case AC_LINK_HISTORY:
    case AC_LINK_APPROVAL:
    default:
      open_filtered (self);
      break;
    }
}

static void
source_cb (AcLinkOpener *self)
{
  if (self->waiting && self->link != NULL)
    open_now (self);
}

static void
ac_link_opener_dispose (GObject *object)
{
  AcLinkOpener *self = AC_LINK_OPENER (object);

  stop (self);
  if (self->session != NULL)
    g_signal_handlers_disconnect_by_data (self->session, self);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (ac_link_opener_parent_class)->dispose (object);
}

static void
ac_link_opener_class_init (AcLinkOpenerClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = ac_link_opener_dispose;

  signals[OPEN_VIEW] = g_signal_new ("open-view", AC_TYPE_LINK_OPENER, G_SIGNAL_RUN_LAST, 0, NULL,
                                     NULL, NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
  signals[OPEN_ACTION] = g_signal_new ("open-action", AC_TYPE_LINK_OPENER, G_SIGNAL_RUN_LAST, 0,
                                       NULL, NULL, NULL, G_TYPE_NONE, 1, AC_TYPE_ACTION);
  signals[OPEN_INVESTIGATION] =
      g_signal_new ("open-investigation", AC_TYPE_LINK_OPENER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                    NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
  signals[FAILED] = g_signal_new ("failed", AC_TYPE_LINK_OPENER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void
ac_link_opener_init (AcLinkOpener *self)
{
}

/**
 * ac_link_opener_new:
 * @session: where what links lead to is
 *
 * Returns: (transfer full):
 */
AcLinkOpener *
ac_link_opener_new (AcSession *session)
{
  AcLinkOpener *self = g_object_new (AC_TYPE_LINK_OPENER, NULL);

  self->session = g_object_ref (session);
  g_signal_connect_swapped (session, "notify::source", G_CALLBACK (source_cb), self);
  return self;
}

/**
 * ac_link_opener_open:
 * @uri: what somebody else has written
 *
 * Opens what the link leads to, or says why not.
 */
void
ac_link_opener_open (AcLinkOpener *self, const char *uri)
{
  g_autoptr (GError) error = NULL;

  g_return_if_fail (AC_IS_LINK_OPENER (self));
  g_return_if_fail (uri != NULL);

  stop (self);
  self->link = ac_link_parse (uri, &error);
  if (self->link == NULL)
    fail (self, error->message);
  else
    open_now (self);
}
