/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <glib/gstdio.h>
#include <string.h>

#include "mirror-fixture.h"
#include "model/ac-time.h"

#define PAGE 1000

void
remove_folder (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  const char *name;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);

      g_unlink (path);
    }
  g_rmdir (folder);
}

void
mirror_fixture_open (MirrorFixture *fixture)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;

  ac_mirror_open_async (fixture->folder, "https://example.test", "j.doe", NULL, store_result_cb,
                        &result);
  fixture->mirror = ac_mirror_open_finish (await (&result), &error);
  g_assert_no_error (error);
  fixture->source = ac_mirror_action_source_new (fixture->mirror, NULL);
}

void
mirror_fixture_close (MirrorFixture *fixture)
{
  g_clear_object (&fixture->source);
  g_clear_object (&fixture->mirror);
}

void
mirror_fixture_set_up (MirrorFixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *parent = g_dir_make_tmp ("ac-mirror-XXXXXX", &error);

  g_assert_no_error (error);
  fixture->folder = g_build_filename (parent, "action-center", NULL);
  mirror_fixture_open (fixture);
}

void
mirror_fixture_tear_down (MirrorFixture *fixture, gconstpointer data)
{
  g_autofree char *parent = g_path_get_dirname (fixture->folder);

  mirror_fixture_close (fixture);
  remove_folder (fixture->folder);
  g_rmdir (parent);
  g_free (fixture->folder);
}

/* Numbers that look thrown. */
static guint
mix (guint number, guint salt)
{
  guint value = number * 2654435761u ^ salt * 40503u;

  value ^= value >> 15;
  value *= 2246822519u;
  return value ^ value >> 13;
}

static const char *const words[] = {
  "invoice",   "payment", "overdue",  "parcel", "delivery", "account", "password",  "reset",
  "meeting",   "salary",  "bonus",    "urgent", "document", "shared",  "voicemail", "contract",
  "invoicing", "refund",  "security", "alert",  "login",    "quota",   "mailbox",   "verify",
};

static char *
synthetic_entity (guint number)
{
  guint a = mix (number, 1);
  guint b = mix (number, 2);

  switch (number % 8)
    {
    case 0:
      return g_strdup_printf ("{\"type\":\"url\",\"url\":\"https://%s-%x.example/%s?id=%u\","
                              "\"threats\":[\"phish\"]}",
                              words[a % 24], b, words[b % 24], number);
    case 1:
      return g_strdup_printf ("{\"type\":\"file\",\"path\":\"C:\\\\Users\\\\u%u\\\\%s-%u.exe\","
                              "\"sha256\":\"%08x%08x%08x%08x%08x%08x%08x%08x\",\"fileName\":"
                              "\"%s-%u.exe\",\"size\":%u}",
                              a % 5000, words[a % 24], number, a, b, number, a, b, number, a, b,
                              words[a % 24], number, b % 100000);
    default:
      return g_strdup_printf (
          "{\"type\":\"emailMessage\",\"messageId\":\"<%08x.%u@mail.%s.example>\",\"subject\":"
          "\"%s %s %s – %u\",\"sender\":\"%s.%s@%s-%u.example\",\"recipients\":"
          "[\"user%u@corp.example\"],\"receivedAt\":\"2026-03-04T05:06:07.000000Z\",\"folder\":"
          "\"INBOX\",\"deliveryStatus\":\"delivered\",\"threats\":[\"phish\",\"spam\"],\"size\":%"
          "u}",
          a, number, words[b % 24], words[a % 24], words[b % 23], words[(a >> 8) % 24], number,
          words[(b >> 8) % 24], words[a % 22], words[b % 24], a % 400, a % 20000, b % 90000);
    }
}

char *
synthetic_action (guint number, guint n_all)
{
  static const char *const statuses[] = { "completed", "completed", "rejected", "undone",
                                          "failed",    "expired",   "completed" };
  static const char *const types[] = { "blockUrl", "quarantineFile", "softDeleteEmail" };
  static const char *const verdicts[] = { "malicious", "suspicious", "malicious", "unknown" };
  static const char *const sources[] = { "automatedEmail", "manual", "automatedEmail" };
  g_autofree char *entity = synthetic_entity (number);
  gboolean pending = mix (number, 5) % 20 == 0;
  const char *status = pending ? "pending" : statuses[mix (number, 6) % 7];
  gint64 created = G_GINT64_CONSTANT (1767225600000000) + (gint64)number * 15000000;
  gint64 updated = created + (pending ? 0 : (gint64)(mix (number, 7) % 86400) * G_USEC_PER_SEC);
  g_autofree char *created_text = ac_time_format (created);
  g_autofree char *updated_text = ac_time_format (updated);
  g_autoptr (GString) decision = g_string_new (NULL);
  guint asset = mix (number, 1) % 20000;

  if (!pending)
    g_string_printf (decision,
                     "\"operationId\":\"%08x-1111-4000-8000-%012x\",\"decision\":\"approve\","
                     "\"decidedBy\":\"analyst%u\",\"decidedAt\":\"%s\",\"comment\":\"as seen\","
                     "\"results\":[{\"asset\":\"user%u@corp.example\",\"outcome\":\"moved\","
                     "\"at\":\"%s\"}],",
                     mix (number / 50, 8), number / 50, mix (number, 9) % 12, updated_text, asset,
                     updated_text);
  return g_strdup_printf (
      "{\"id\":\"%08x-%04x-4%03x-8%03x-%012x\",\"version\":%u,\"type\":\"%s\",\"status\":\"%s\","
      "\"verdict\":\"%s\",\"source\":\"%s\",\"reason\":\"Campaign %u\",\"details\":\"%s %s %u\","
      "\"investigationId\":\"%08x-2222-4000-8000-%012x\",\"investigationTitle\":\"Mail from %s\","
      "\"entity\":%s,\"assets\":[\"user%u@corp.example\"%s],\"createdAt\":\"%s\",\"updatedAt\":"
      "\"%s\",%s\"undoable\":%s,\"undoNote\":\"Undo brings back what was moved.\",\"later\":{\"a\":"
      "[1.50,%u]}}",
      mix (number, 10), mix (number, 11) % 0x10000, mix (number, 12) % 0x1000,
      mix (number, 13) % 0x1000, number, pending ? 1 : 4, types[MIN (number % 8, 2)], status,
      verdicts[mix (number, 14) % 4], sources[mix (number, 15) % 3], number / 100,
      words[mix (number, 16) % 24], words[mix (number, 17) % 24], number, mix (number / 30, 18),
      number / 30, words[number / 30 % 24], entity, asset,
      number % 40 == 7 ? ",\"second@corp.example\"" : "", created_text, updated_text, decision->str,
      g_str_equal (status, "completed") ? "true" : "false", number);
}

void
mirror_fixture_begin (MirrorFixture *fixture, const char *token)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (AcMirrorState) state = NULL;

  ac_mirror_begin_sync_async (fixture->mirror, token, NULL, store_result_cb, &result);
  state = ac_mirror_begin_sync_finish (fixture->mirror, await (&result), &error);
  g_assert_no_error (error);
  fixture->generation = state->generation;
}

AcMirrorOutcome *
mirror_fixture_add (MirrorFixture *fixture, const char *page)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = g_bytes_new (page, strlen (page));
  AcMirrorBatch *batch = ac_mirror_batch_new_from_list (bytes, &error);
  AcMirrorOutcome *outcome;

  g_assert_no_error (error);
  ac_mirror_add_page_async (fixture->mirror, fixture->generation, batch, NULL, store_result_cb,
                            &result);
  outcome = ac_mirror_outcome_finish (fixture->mirror, await (&result), &error);
  g_assert_no_error (error);
  return outcome;
}

AcMirrorOutcome *
mirror_fixture_end (MirrorFixture *fixture)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  AcMirrorOutcome *outcome;

  ac_mirror_end_sync_async (fixture->mirror, fixture->generation, NULL, store_result_cb, &result);
  outcome = ac_mirror_outcome_finish (fixture->mirror, await (&result), &error);
  g_assert_no_error (error);
  return outcome;
}

AcMirrorOutcome *
mirror_fixture_change (MirrorFixture *fixture, const char *page)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = g_bytes_new (page, strlen (page));
  AcMirrorOutcome *outcome;

  ac_mirror_apply_changes_async (fixture->mirror, fixture->generation, NULL, bytes, 77, NULL,
                                 store_result_cb, &result);
  outcome = ac_mirror_outcome_finish (fixture->mirror, await (&result), &error);
  g_assert_no_error (error);
  return outcome;
}

/* Puts everything into the index for searches. */
void
mirror_fixture_index (MirrorFixture *fixture)
{
  gboolean more = TRUE;

  while (more)
    {
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (GError) error = NULL;

      ac_mirror_index_more_async (fixture->mirror, NULL, store_result_cb, &result);
      more = ac_mirror_index_more_finish (fixture->mirror, await (&result), &error);
      g_assert_no_error (error);
    }
}

/* A whole sync of actions 0 to n - 1, newest first, as the service gives them. */
void
mirror_fixture_fill (MirrorFixture *fixture, guint n)
{
  guint number = n;

  mirror_fixture_begin (fixture, "t0");
  do
    {
      g_autoptr (GString) page = g_string_new ("{\"items\":[");

      for (guint i = 0; i < PAGE && number > 0; i++)
        {
          g_autofree char *action = synthetic_action (--number, n);

          g_string_append_printf (page, "%s%s", i > 0 ? "," : "", action);
        }
      g_string_append_printf (page, "],\"total\":%u}", n);
      ac_mirror_outcome_free (mirror_fixture_add (fixture, page->str));
    }
  while (number > 0);
  ac_mirror_outcome_free (mirror_fixture_end (fixture));
}

GArray *
keys_of (MirrorFixture *fixture, AcActionQuery *query)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  GArray *keys;

  ac_action_source_load_keys_async (AC_ACTION_SOURCE (fixture->source), query, NULL, NULL, NULL,
                                    store_result_cb, &result);
  keys = ac_action_source_load_keys_finish (AC_ACTION_SOURCE (fixture->source), await (&result),
                                            &error);
  g_assert_no_error (error);
  return keys;
}
