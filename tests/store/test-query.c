/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include <sqlite3.h>

#include "model/ac-time.h"
#include "store/ac-store-private.h"
#include "store-fixture.h"

static JsonObject *
list (AcStore *store, const AcActionFilter *filter)
{
  g_autoptr (GError) error = NULL;
  JsonObject *page = read_actions (store, filter, &error);

  g_assert_no_error (error);
  return page;
}

static gint64
total (JsonObject *page)
{
  return ac_json_get_integer (page, "total", -1);
}

static GStrv
strings (const char *one, const char *two)
{
  return g_strdupv ((char *[]){ (char *)one, (char *)two, NULL });
}

/* Actions of two types, sources and verdicts in several states, with many ties in every column. */
static void
fill (AcStore *store)
{
  for (guint i = 0; i < 6; i++)
    {
      g_autofree char *text = g_strdup_printf (
          "{'externalId':'f-%u','title':'Phish','actions':["
          "{'type':'softDeleteEmail','verdict':'malicious','assets':['a@x','b@x'],"
          " 'entity':{'type':'emailMessage','messageId':'<%u@x>','subject':'Invoice',"
          "           'sender':'Mallory <m@evil.example>'}},"
          "{'type':'softDeleteEmail','verdict':'suspicious','source':'manual','assets':['b@x'],"
          " 'entity':{'type':'emailMessage','messageId':'<%u@y>','subject':'invoice'}},"
          "{'type':'blockUrl','verdict':'malicious','source':'api','assets':['proxy'],"
          " 'entity':{'type':'url','url':'https://Über.example/%u'}}]}",
          i, i, i, i % 2);
      g_autoptr (JsonObject) investigation = post (store, text, NULL);
      g_auto (GStrv) ids = ids_of_investigation (store, ac_json_get_string (investigation, "id"));
      g_autoptr (JsonObject) approved = NULL;
      g_autoptr (JsonObject) rejected = NULL;

      if (i % 3 == 1)
        approved = decide_one (store, AC_DECISION_APPROVE, ids[0]);
      if (i % 3 == 2)
        rejected = decide (store, AC_DECISION_REJECT, (const char *const *)ids);
    }
}

static void
test_each_filter_finds_what_it_names (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *what;
    gsize offset;
    const char *value;
    gint64 n;
  } table[] = {
    { "status", G_STRUCT_OFFSET (AcActionFilter, statuses), "pending", 10 },
    { "status", G_STRUCT_OFFSET (AcActionFilter, statuses), "rejected", 6 },
    { "status", G_STRUCT_OFFSET (AcActionFilter, statuses), "undone", 0 },
    { "type", G_STRUCT_OFFSET (AcActionFilter, types), "blockUrl", 6 },
    { "entity type", G_STRUCT_OFFSET (AcActionFilter, entity_types), "emailMessage", 12 },
    { "verdict", G_STRUCT_OFFSET (AcActionFilter, verdicts), "suspicious", 6 },
    { "source", G_STRUCT_OFFSET (AcActionFilter, sources), "automatedEmail", 6 },
    { "decided by", G_STRUCT_OFFSET (AcActionFilter, decided_by), "alice", 8 },
    { "decided by", G_STRUCT_OFFSET (AcActionFilter, decided_by), "bob", 0 },
    { "asset", G_STRUCT_OFFSET (AcActionFilter, assets), "b@x", 12 },
    { "asset", G_STRUCT_OFFSET (AcActionFilter, assets), "nobody@x", 0 },
    { "investigation", G_STRUCT_OFFSET (AcActionFilter, investigation_ids), "no-such", 0 },
    { "operation", G_STRUCT_OFFSET (AcActionFilter, operation_ids), "no-such", 0 },
    { "id", G_STRUCT_OFFSET (AcActionFilter, ids), "no-such", 0 },
  };

  fill (fixture->store);
  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autoptr (AcActionFilter) filter = ac_action_filter_new ();
      g_autoptr (JsonObject) page = NULL;

      g_test_message ("%s = %s", table[i].what, table[i].value);
      G_STRUCT_MEMBER (GStrv, filter, table[i].offset) = strings (table[i].value, NULL);
      page = list (fixture->store, filter);
      g_assert_cmpint (total (page), ==, table[i].n);
      g_assert_cmpuint (length_of (page, "items"), ==, table[i].n);
      g_assert_false (json_object_has_member (page, "nextCursor"));
    }
}

static void
test_filters_are_joined_and_values_are_alternatives (Fixture *fixture, gconstpointer data)
{
  g_autoptr (AcActionFilter) filter = ac_action_filter_new ();
  g_autoptr (JsonObject) page = NULL;

  fill (fixture->store);
  filter->statuses = strings ("pending", "queued");
  filter->types = strings ("softDeleteEmail", NULL);
  filter->assets = strings ("a@x", "proxy");
  filter->created_after = ac_time_now () - G_TIME_SPAN_HOUR;
  filter->created_before = ac_time_now () + G_TIME_SPAN_HOUR;
  filter->updated_after = ac_time_now () - G_TIME_SPAN_HOUR;
  page = list (fixture->store, filter);
  g_assert_cmpint (total (page), ==, 4);
  json_object_unref (page);

  filter->updated_after = ac_time_now () + G_TIME_SPAN_HOUR;
  page = list (fixture->store, filter);
  g_assert_cmpint (total (page), ==, 0);
}

static void
test_a_value_given_twice_counts_once (Fixture *fixture, gconstpointer data)
{
  g_autoptr (AcActionFilter) filter = ac_action_filter_new ();
  g_autoptr (JsonObject) page = NULL;

  fill (fixture->store);
  filter->statuses = strings ("pending", "pending");
  page = list (fixture->store, filter);
  g_assert_cmpuint (length_of (page, "items"), ==, 10);
}

static void
test_ids_of_real_things_are_found (Fixture *fixture, gconstpointer data)
{
  g_autofree char *investigation = propose (fixture->store, "x", 4, "a@x");
  g_autofree char *other = propose (fixture->store, "y", 4, "a@x");
  g_auto (GStrv) ids = ids_of_investigation (fixture->store, investigation);
  const char *two[] = { ids[0], ids[2], NULL };
  g_autoptr (JsonObject) operation = decide (fixture->store, AC_DECISION_APPROVE, two);
  g_autoptr (AcActionFilter) by_investigation = ac_action_filter_new ();
  g_autoptr (AcActionFilter) by_operation = ac_action_filter_new ();
  g_autoptr (AcActionFilter) by_id = ac_action_filter_new ();
  g_autoptr (JsonObject) page = NULL;

  by_investigation->investigation_ids = strings (investigation, NULL);
  page = list (fixture->store, by_investigation);
  g_assert_cmpint (total (page), ==, 4);
  json_object_unref (page);
  by_operation->operation_ids = strings (ac_json_get_string (operation, "id"), NULL);
  page = list (fixture->store, by_operation);
  g_assert_cmpint (total (page), ==, 2);
  json_object_unref (page);
  by_id->ids = strings (ids[0], ids[1]);
  by_id->ids_only = TRUE;
  page = list (fixture->store, by_id);
  g_assert_cmpint (total (page), ==, 2);
  g_assert_cmpuint (
      json_object_get_size (json_array_get_object_element (ac_json_get_array (page, "items"), 0)),
      ==, 2);
}

static void
test_words_are_found_wherever_they_stand (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *text;
    gint64 n;
  } table[] = {
    { "INVOICE", 12 },
    { "invoice mallory", 6 },
    { "mall EVIL.ex", 6 },
    { "über", 6 },
    { "ÜBER.example/1", 3 },
    { "u\xcc\x88"
      "ber",
      6 },
    { "a@x", 6 },
    { "a@", 6 },
    { "prox", 6 },
    { "x", 18 },
    { "invoice nowhere", 0 },
    { "100%", 0 },
    { "_nvoice", 0 },
    { "\"invoice\"", 0 },
    { "inv\" OR \"proxy", 0 },
    { "  ", 18 },
    { "", 18 },
    { "invoice*", 0 },
  };

  fill (fixture->store);
  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autoptr (AcActionFilter) filter = ac_action_filter_new ();
      g_autoptr (JsonObject) page = NULL;

      g_test_message ("q = %s", table[i].text);
      filter->text = g_strdup (table[i].text);
      page = list (fixture->store, filter);
      g_assert_cmpint (total (page), ==, table[i].n);
      g_assert_cmpuint (length_of (page, "items"), ==, table[i].n);
    }
}

/* Which row of the database each action is, by its id. */
static GHashTable *
number_actions (Fixture *fixture)
{
  GHashTable *numbers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  sqlite3_stmt *statement;
  sqlite3 *db;

  g_assert_cmpint (sqlite3_open (fixture->path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_prepare_v2 (db, "SELECT id, seq FROM actions", -1, &statement, NULL), ==,
                   SQLITE_OK);
  while (sqlite3_step (statement) == SQLITE_ROW)
    g_hash_table_insert (numbers, g_strdup ((const char *)sqlite3_column_text (statement, 0)),
                         GINT_TO_POINTER (sqlite3_column_int (statement, 1)));
  sqlite3_finalize (statement);
  g_assert_cmpint (sqlite3_close (db), ==, SQLITE_OK);
  return numbers;
}

/* Turns all pages and asserts that each action comes once and in order. */
static void
assert_pages_are_whole (AcStore *store, GHashTable *numbers, AcActionFilter *filter, guint expected)
{
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  g_autofree char *last = NULL;
  static const char *const members[] = {
    [AC_SORT_UPDATED_AT] = "updatedAt",
    [AC_SORT_CREATED_AT] = "createdAt",
    [AC_SORT_TYPE] = "type",
    [AC_SORT_DETAILS] = "details",
    [AC_SORT_ENTITY_TYPE] = NULL,
    [AC_SORT_ASSET] = NULL,
    [AC_SORT_VERDICT] = "verdict",
    [AC_SORT_SOURCE] = "source",
    [AC_SORT_DECIDED_BY] = "decidedBy",
    [AC_SORT_STATUS] = "status",
    [AC_SORT_DECISION] = NULL,
    [AC_SORT_UNDO_STATE] = NULL,
    [AC_SORT_INVESTIGATION] = NULL,
    [AC_SORT_OPERATION] = NULL,
    [AC_SORT_EXPIRES_AT] = "expiresAt",
  };
  guint n_pages = 0;

  do
    {
      g_autoptr (JsonObject) page = list (store, filter);
      JsonArray *items = ac_json_get_array (page, "items");

      g_assert_cmpint (total (page), ==, expected);
      for (guint i = 0; i < json_array_get_length (items); i++)
        {
          JsonObject *action = json_array_get_object_element (items, i);
          const char *id = ac_json_get_string (action, "id");
          const char *value = members[filter->sort] != NULL
                                  ? ac_json_get_string (action, members[filter->sort])
                                  : "";
          g_autofree char *folded = g_ascii_strdown (value != NULL ? value : "", -1);
          g_autofree char *key = g_strdup_printf (
              "%s\x01%06d", folded, GPOINTER_TO_INT (g_hash_table_lookup (numbers, id)));

          g_assert_true (g_hash_table_add (seen, g_strdup (id)));
          if (last != NULL && members[filter->sort] != NULL)
            {
              if (filter->descending)
                g_assert_cmpstr (last, >, key);
              else
                g_assert_cmpstr (last, <, key);
            }
          g_free (last);
          last = g_steal_pointer (&key);
        }
      g_clear_pointer (&filter->cursor, g_free);
      filter->cursor = g_strdup (ac_json_get_string (page, "nextCursor"));
      n_pages++;
    }
  while (filter->cursor != NULL);
  g_assert_cmpuint (g_hash_table_size (seen), ==, expected);
  g_assert_cmpuint (n_pages, ==, (expected + filter->limit - 1) / filter->limit);
}

static void
test_pages_never_overlap_in_any_order (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GHashTable) numbers = NULL;

  fill (fixture->store);
  numbers = number_actions (fixture);
  for (guint sort = AC_SORT_UPDATED_AT; sort <= AC_SORT_EXPIRES_AT; sort++)
    for (guint descending = 0; descending < 2; descending++)
      for (guint limit = 1; limit <= 19; limit += 3)
        {
          g_autoptr (AcActionFilter) all = ac_action_filter_new ();
          g_autoptr (AcActionFilter) some = ac_action_filter_new ();

          g_test_message ("sort %u, descending %u, limit %u", sort, descending, limit);
          all->sort = some->sort = (AcSortColumn)sort;
          all->descending = some->descending = descending != 0;
          all->limit = some->limit = limit;
          assert_pages_are_whole (fixture->store, numbers, all, 18);
          some->statuses = strings ("pending", "rejected");
          some->text = g_strdup ("x");
          assert_pages_are_whole (fixture->store, numbers, some, 16);
          all->created_after = all->updated_after = 0;
          all->created_before = all->updated_before = ac_time_now () + G_TIME_SPAN_HOUR;
          assert_pages_are_whole (fixture->store, numbers, all, 18);
        }
}

/* With so many actions that no filter leaves few, the other ways of reading a page are taken. */
static void
test_pages_never_overlap_among_many (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GHashTable) numbers = NULL;
  const guint n = scaled (6000);
  const guint n_rejected = n / 20;
  g_autofree char *investigation = propose (fixture->store, "x", n, "a@x");
  g_auto (GStrv) ids = ids_of_investigation (fixture->store, investigation);
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) some = NULL;
  g_autoptr (JsonObject) operation = NULL;

  for (guint i = 0; i < n_rejected; i++)
    g_strv_builder_add (builder, ids[i * 7]);
  some = g_strv_builder_end (builder);
  operation = decide (fixture->store, AC_DECISION_REJECT, (const char *const *)some);
  numbers = number_actions (fixture);
  for (guint sort = AC_SORT_UPDATED_AT; sort <= AC_SORT_EXPIRES_AT; sort++)
    {
      g_autoptr (AcActionFilter) all = ac_action_filter_new ();
      g_autoptr (AcActionFilter) pending = ac_action_filter_new ();

      g_test_message ("sort %u", sort);
      all->sort = pending->sort = (AcSortColumn)sort;
      all->descending = sort % 2 == 0;
      pending->descending = !all->descending;
      all->limit = pending->limit = n / 6 - 1;
      all->created_after = all->updated_after = 0;
      all->created_before = all->updated_before = ac_time_now () + G_TIME_SPAN_HOUR;
      assert_pages_are_whole (fixture->store, numbers, all, n);
      pending->statuses = strings ("pending", NULL);
      pending->text = g_strdup ("message");
      assert_pages_are_whole (fixture->store, numbers, pending, n - n_rejected);
    }
}

static void
assert_bad_cursor (AcStore *store, AcActionFilter *filter, const char *cursor)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) page = NULL;

  g_test_message ("cursor “%s”", cursor);
  g_free (filter->cursor);
  filter->cursor = g_strdup (cursor);
  page = read_actions (store, filter, &error);
  g_assert_null (page);
  g_assert_error (error, AC_STORE_ERROR, AC_STORE_ERROR_BAD_CURSOR);
}

static void
test_a_cursor_of_something_else_is_refused (Fixture *fixture, gconstpointer data)
{
  g_autoptr (AcActionFilter) filter = ac_action_filter_new ();
  g_autoptr (JsonObject) page = NULL;
  g_autoptr (JsonObject) investigations = NULL;
  g_autoptr (JsonObject) changes = read_changes (fixture->store, NULL, 0, NULL);
  g_autoptr (AcInvestigationFilter) investigation_filter = ac_investigation_filter_new ();
  g_autofree char *cursor = NULL;
  g_autofree char *changed = NULL;

  fill (fixture->store);
  filter->limit = 5;
  page = list (fixture->store, filter);
  cursor = g_strdup (ac_json_get_string (page, "nextCursor"));
  changed = g_strdup (cursor);
  changed[strlen (changed) / 2] ^= 1;
  investigation_filter->limit = 2;
  investigations = ac_store_list_investigations (fixture->store, investigation_filter, NULL);

  assert_bad_cursor (fixture->store, filter, "");
  assert_bad_cursor (fixture->store, filter, "nonsense");
  assert_bad_cursor (fixture->store, filter, "AAAA");
  assert_bad_cursor (fixture->store, filter, "/etc/passwd");
  assert_bad_cursor (fixture->store, filter, "ÄÖÜ");
  assert_bad_cursor (fixture->store, filter, changed);
  assert_bad_cursor (fixture->store, filter, ac_json_get_string (changes, "next"));
  assert_bad_cursor (fixture->store, filter, ac_json_get_string (investigations, "nextCursor"));
  filter->descending = FALSE;
  assert_bad_cursor (fixture->store, filter, cursor);

  /* The size of the page may change on the way. */
  filter->descending = TRUE;
  filter->limit = 7;
  g_free (filter->cursor);
  filter->cursor = g_steal_pointer (&cursor);
  json_object_unref (page);
  page = list (fixture->store, filter);
  g_assert_cmpuint (length_of (page, "items"), ==, 7);
}

static void
test_a_cursor_expires (Fixture *fixture, gconstpointer data)
{
  g_autoptr (AcActionFilter) filter = ac_action_filter_new ();
  g_autoptr (JsonObject) page = NULL;
  g_autoptr (JsonObject) next = NULL;
  g_autoptr (GError) error = NULL;

  fill (fixture->store);
  filter->limit = 5;
  page = list (fixture->store, filter);
  filter->cursor = g_strdup (ac_json_get_string (page, "nextCursor"));
  ac_store_set_cursor_lifetime (fixture->store, -1);
  next = read_actions (fixture->store, filter, &error);
  g_assert_null (next);
  g_assert_error (error, AC_STORE_ERROR, AC_STORE_ERROR_CURSOR_EXPIRED);
}

/* One that an older version gave out is to be begun anew, as one that is too old. */
static void
test_a_cursor_of_an_older_version_expires (Fixture *fixture, gconstpointer data)
{
  const char *payload = "cursor 0123 1767225600000000 12 id 1767225600000000 i";
  gsize length;
  const guchar *secret = g_bytes_get_data (fixture->store->secret, &length);
  g_autofree char *signature =
      g_compute_hmac_for_string (G_CHECKSUM_SHA256, secret, length, payload, -1);
  g_autofree char *sealed = g_strdup_printf ("%.16s %s", signature, payload);
  g_autoptr (AcActionFilter) filter = ac_action_filter_new ();
  g_autoptr (JsonObject) page = NULL;
  g_autoptr (GError) error = NULL;

  fill (fixture->store);
  filter->cursor = g_base64_encode ((const guchar *)sealed, strlen (sealed));
  filter->cursor[strcspn (filter->cursor, "=")] = '\0';
  g_strdelimit (g_strdelimit (filter->cursor, "+", '-'), "/", '_');
  page = read_actions (fixture->store, filter, &error);
  g_assert_null (page);
  g_assert_error (error, AC_STORE_ERROR, AC_STORE_ERROR_CURSOR_EXPIRED);
}

static void
test_a_page_has_a_largest_size (Fixture *fixture, gconstpointer data)
{
  g_autofree char *investigation = propose (fixture->store, "x", 1100, "a@x");
  g_autoptr (AcActionFilter) filter = ac_action_filter_new ();
  g_autoptr (JsonObject) page = NULL;

  filter->limit = G_MAXUINT;
  page = list (fixture->store, filter);
  g_assert_cmpuint (length_of (page, "items"), ==, 1000);
  g_assert_cmpint (total (page), ==, 1100);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  fixture_test ("/store/query/each-filter-finds-what-it-names",
                test_each_filter_finds_what_it_names);
  fixture_test ("/store/query/filters-are-joined-and-values-are-alternatives",
                test_filters_are_joined_and_values_are_alternatives);
  fixture_test ("/store/query/a-value-given-twice-counts-once",
                test_a_value_given_twice_counts_once);
  fixture_test ("/store/query/ids-of-real-things-are-found", test_ids_of_real_things_are_found);
  fixture_test ("/store/query/words-are-found-wherever-they-stand",
                test_words_are_found_wherever_they_stand);
  fixture_test ("/store/query/pages-never-overlap-in-any-order",
                test_pages_never_overlap_in_any_order);
  fixture_test ("/store/query/pages-never-overlap-among-many", test_pages_never_overlap_among_many);
  fixture_test ("/store/query/a-cursor-of-something-else-is-refused",
                test_a_cursor_of_something_else_is_refused);
  fixture_test ("/store/query/a-cursor-expires", test_a_cursor_expires);
  fixture_test ("/store/query/a-cursor-of-an-older-version-expires",
                test_a_cursor_of_an_older_version_expires);
  fixture_test ("/store/query/a-page-has-a-largest-size", test_a_page_has_a_largest_size);
  return g_test_run ();
}
