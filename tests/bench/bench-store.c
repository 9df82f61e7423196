/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The store's part of bench_decisions.py:
 *
 *   bench-store fill DATABASE N     proposes N actions
 *   bench-store decide DATABASE     approves all pending ones in one operation, and prints how many
 *                                   seconds that took */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "store/ac-store.h"

#define PER_INVESTIGATION 1000

static const AcActor actor = { "bench", "127.0.0.1" };

static void
die (const GError *error)
{
  g_printerr ("%s\n", error->message);
  exit (EXIT_FAILURE);
}

static void
propose (AcStore *store, guint first, guint n)
{
  g_autoptr (GString) text = g_string_new (NULL);
  g_autoptr (GBytes) bytes = NULL;
  g_autoptr (JsonNode) root = NULL;
  g_autoptr (AcInvestigation) request = NULL;
  g_autoptr (JsonObject) answer = NULL;
  g_autoptr (GError) error = NULL;

  g_string_append_printf (text, "{\"externalId\":\"bench-%u\",\"title\":\"Bench\",\"actions\":[",
                          first);
  for (guint i = first; i < first + n; i++)
    g_string_append_printf (
        text,
        "%s{\"type\":\"softDeleteEmail\",\"verdict\":\"malicious\","
        "\"entity\":{\"type\":\"emailMessage\",\"messageId\":\"<%u@mail.example>\","
        "\"subject\":\"Your invoice number %u\",\"sender\":\"billing@example.test\"},"
        "\"assets\":[\"user%u@example.test\"]}",
        i > first ? "," : "", i, i, i % 200);
  g_string_append (text, "]}");
  bytes = g_bytes_new_static (text->str, text->len);
  root = ac_json_parse (bytes, &error);
  if (root != NULL)
    request = ac_investigation_new_from_request (json_node_get_object (root), &error);
  if (request != NULL)
    answer = ac_store_put_investigation (store, request, &actor, G_TIME_SPAN_DAY, NULL, &error);
  if (answer == NULL)
    die (error);
}

static GStrv
pending_ids (AcStore *store)
{
  g_autoptr (AcActionFilter) filter = ac_action_filter_new ();
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  filter->statuses = g_strsplit ("pending", ",", -1);
  filter->sort = AC_SORT_CREATED_AT;
  filter->descending = FALSE;
  filter->limit = 1000;
  filter->ids_only = TRUE;
  do
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (GBytes) text = ac_store_list_actions (store, filter, &error);
      g_autoptr (JsonNode) root = text != NULL ? ac_json_parse (text, &error) : NULL;
      JsonObject *page;
      JsonArray *items;

      if (root == NULL)
        die (error);
      page = json_node_get_object (root);
      items = ac_json_get_array (page, "items");
      for (guint i = 0; i < json_array_get_length (items); i++)
        g_strv_builder_add (builder,
                            ac_json_get_string (json_array_get_object_element (items, i), "id"));
      g_free (filter->cursor);
      filter->cursor = g_strdup (ac_json_get_string (page, "nextCursor"));
    }
  while (filter->cursor != NULL);
  return g_strv_builder_end (builder);
}

static void
decide (AcStore *store)
{
  g_auto (GStrv) ids = pending_ids (store);
  g_autoptr (AcOperationRequest) request =
      ac_operation_request_new (AC_DECISION_APPROVE, (const char *const *)ids, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) operation = NULL;
  gint64 start = g_get_monotonic_time ();

  operation = ac_store_submit_operation (store, request, "bench", &actor, NULL, NULL, NULL, &error);
  if (operation == NULL)
    die (error);
  g_print ("%.6f\n", (double)(g_get_monotonic_time () - start) / G_USEC_PER_SEC);
}

int
main (int argc, char *argv[])
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AcStore) store = NULL;

  if (argc < 3)
    {
      g_printerr ("Usage: bench-store fill DATABASE N | decide DATABASE\n");
      return EXIT_FAILURE;
    }
  store = ac_store_open (argv[2], &error);
  if (store == NULL)
    die (error);
  if (strcmp (argv[1], "fill") == 0 && argc == 4)
    for (guint i = 0, n = (guint)atoi (argv[3]); i < n; i += PER_INVESTIGATION)
      propose (store, i, MIN (PER_INVESTIGATION, n - i));
  else
    decide (store);
  return EXIT_SUCCESS;
}
