/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "client/ac-connection.h"
#include "client/ac-known-account.h"
#include "client/ac-mirror-write.h"
#include "generate-mirror.h"

#define PAGE 1000
/* Pages that wait to be written. */
#define MOST_AHEAD 4

typedef struct
{
  AcMirror *mirror;
  gint64 generation;
  guint n_waiting;
  GError *error; /* the first of a page */
} Filler;

static void
store_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  *(GAsyncResult **)user_data = g_object_ref (result);
}

static GAsyncResult *
await (GAsyncResult **result)
{
  while (*result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return *result;
}

/* Whose mirror it is: the window opens on it without asking the service. */
static gboolean
save_account (const char *folder, GError **error)
{
  static const char *const permissions[] = { "read", "decide", NULL };
  AcMe me = { .name = (char *)GENERATE_MIRROR_ACCOUNT,
              .role = (char *)"responder",
              .permissions = (GStrv)permissions };
  g_autoptr (AcConnection) connection = ac_connection_new ();
  g_autoptr (GAsyncResult) prepared = NULL;
  g_autoptr (GAsyncResult) loaded = NULL;
  g_autoptr (AcApi) api = NULL;
  AcMe *known = NULL;

  ac_connection_set_address (connection, GENERATE_MIRROR_ADDRESS);
  ac_connection_set_token_for_this_run (connection, GENERATE_MIRROR_TOKEN);
  ac_connection_prepare_async (connection, NULL, store_cb, &prepared);
  api = ac_connection_prepare_finish (connection, await (&prepared), error);
  if (api == NULL)
    return FALSE;
  ac_known_account_save (folder, api, &me);
  /* It is saved by a thread that tells nobody. */
  while (known == NULL)
    {
      g_clear_object (&loaded);
      g_usleep (1000);
      ac_known_account_load_async (folder, api, NULL, store_cb, &loaded);
      known = ac_known_account_load_finish (api, await (&loaded));
    }
  ac_me_free (known);
  return TRUE;
}

static gboolean
begin (Filler *filler, const char *folder, GError **error)
{
  g_autoptr (GAsyncResult) opened = NULL;
  g_autoptr (GAsyncResult) begun = NULL;
  g_autoptr (AcMirrorState) state = NULL;

  ac_mirror_open_async (folder, GENERATE_MIRROR_ADDRESS, GENERATE_MIRROR_ACCOUNT, NULL, store_cb,
                        &opened);
  filler->mirror = ac_mirror_open_finish (await (&opened), error);
  if (filler->mirror == NULL)
    return FALSE;
  ac_mirror_begin_sync_async (filler->mirror, "generated", NULL, store_cb, &begun);
  state = ac_mirror_begin_sync_finish (filler->mirror, await (&begun), error);
  if (state == NULL)
    return FALSE;
  filler->generation = state->generation;
  return TRUE;
}

static void
page_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Filler *filler = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (AcMirrorOutcome) outcome = ac_mirror_outcome_finish (filler->mirror, result, &error);

  filler->n_waiting--;
  if (outcome == NULL && filler->error == NULL)
    filler->error = g_steal_pointer (&error);
}

/* Newest first, as the service gives them. */
static gboolean
add_pages (Filler *filler, GenerateActions *actions, GError **error)
{
  guint64 n = generate_actions_get_n (actions);

  for (guint64 left = n; left > 0 && filler->error == NULL;)
    {
      g_autoptr (GString) page = g_string_new ("{\"items\":[");
      g_autoptr (GBytes) bytes = NULL;
      AcMirrorBatch *batch;

      for (guint i = 0; i < PAGE && left > 0; i++)
        generate_actions_add_json (actions, --left, page);
      g_string_append_printf (page, "],\"total\":%" G_GUINT64_FORMAT "}", n);
      bytes = g_string_free_to_bytes (g_steal_pointer (&page));
      batch = ac_mirror_batch_new_from_list (bytes, error);
      if (batch == NULL)
        return FALSE;
      while (filler->n_waiting >= MOST_AHEAD)
        g_main_context_iteration (NULL, TRUE);
      filler->n_waiting++;
      ac_mirror_add_page_async (filler->mirror, filler->generation, batch, NULL, page_cb, filler);
    }
  while (filler->n_waiting > 0)
    g_main_context_iteration (NULL, TRUE);
  if (filler->error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&filler->error));
  return FALSE;
}

static gboolean
end (Filler *filler, GError **error)
{
  g_autoptr (GAsyncResult) ended = NULL;
  g_autoptr (AcMirrorOutcome) outcome = NULL;
  gboolean more = TRUE;

  ac_mirror_end_sync_async (filler->mirror, filler->generation, NULL, store_cb, &ended);
  outcome = ac_mirror_outcome_finish (filler->mirror, await (&ended), error);
  if (outcome == NULL)
    return FALSE;
  while (more)
    {
      g_autoptr (GAsyncResult) indexed = NULL;
      g_autoptr (GError) local_error = NULL;

      ac_mirror_index_more_async (filler->mirror, NULL, store_cb, &indexed);
      more = ac_mirror_index_more_finish (filler->mirror, await (&indexed), &local_error);
      if (local_error != NULL)
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return FALSE;
        }
    }
  return TRUE;
}

/**
 * generate_mirror_fill:
 * @folder: where no mirror is yet
 */
gboolean
generate_mirror_fill (GenerateActions *actions, const char *folder, GError **error)
{
  Filler filler = { 0 };
  gboolean good = begin (&filler, folder, error) && add_pages (&filler, actions, error) &&
                  end (&filler, error) && save_account (folder, error);

  g_clear_object (&filler.mirror);
  return good;
}
