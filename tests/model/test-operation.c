/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "builders.h"
#include "model/ac-operation.h"
#include "model/ac-problem.h"
#include "model/ac-time.h"

static JsonObject *
request_with_ids (guint n)
{
  JsonObject *object = json_object_new ();
  JsonArray *ids = json_array_new ();

  for (guint i = 0; i < n; i++)
    {
      g_autofree char *id = g_strdup_printf ("id-%u", i);

      json_array_add_string_element (ids, id);
    }
  json_object_set_string_member (object, "decision", "approve");
  json_object_set_array_member (object, "actionIds", ids);
  return object;
}

static void
test_one_to_ten_thousand_ids (void)
{
  static const struct
  {
    guint n;
    gboolean allowed;
  } table[] = { { 0, FALSE }, { 1, TRUE }, { 10000, TRUE }, { 10001, FALSE } };

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autoptr (JsonObject) object = request_with_ids (table[i].n);
      g_autoptr (GError) error = NULL;
      g_autoptr (AcOperationRequest) request = ac_operation_request_new_from_json (object, &error);

      if (table[i].allowed)
        {
          g_assert_no_error (error);
          g_assert_cmpuint (g_strv_length (request->action_ids), ==, table[i].n);
        }
      else
        {
          g_assert_error (error, AC_MODEL_ERROR, AC_MODEL_ERROR_OUT_OF_RANGE);
          g_assert_true (g_str_has_prefix (error->message, "actionIds: "));
        }
    }
}

static void
test_bad_requests_name_the_member (void)
{
  static const struct
  {
    const char *text;
    const char *message;
  } table[] = {
    { "{'actionIds':['a']}", "decision: is missing" },
    { "{'decision':'explode','actionIds':['a']}", "decision: “explode” is not one of " },
    { "{'decision':'undo','actionIds':'a'}", "actionIds: expected an array of strings" },
    { "{'decision':'undo','actionIds':['a','']}", "actionIds[1]: must not be empty" },
    { "{'decision':'undo','actionIds':['a','a']}", "actionIds[1]: “a” stands there twice" },
    { "{'decision':'undo','actionIds':['a'],'force':true}", "force: this member is not known" },
    { "{'decision':'approve','actionIds':['a'],'includeInstances':true}",
      "includeInstances: only an undo can " },
    { "{'decision':'undo','actionIds':['a'],'includeInstances':1}", "includeInstances: expected " },
    { "{'decision':'undo','actionIds':['a'],'assets':'b'}", "assets: expected an array of " },
    { "{'decision':'undo','actionIds':['a'],'assets':[]}", "assets: must name at least one " },
    { "{'decision':'undo','actionIds':['a'],'assets':['b','']}", "assets[1]: must not be empty" },
    { "{'decision':'undo','actionIds':['a'],'assets':['b','b']}", "assets[1]: “b” stands there " },
    { "{'decision':'undo','actionIds':['a','c'],'assets':['b']}", "assets: only one action at a " },
    { "{'decision':'approve','actionIds':['a'],'assets':['b']}", "assets: only an undo or a " },
    { "{'decision':'reject','actionIds':['a'],'assets':['b']}", "assets: only an undo or a " },
    { "{'decision':'undo','actionIds':['a'],'assets':['b'],'includeInstances':true}",
      "assets: further instances " },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autoptr (JsonObject) object = object_from_text (table[i].text);
      g_autoptr (GError) error = NULL;

      g_assert_null (ac_operation_request_new_from_json (object, &error));
      g_assert_nonnull (error);
      g_assert_true (g_str_has_prefix (error->message, table[i].message));
    }
}

static void
test_the_length_of_a_comment_counts_characters (void)
{
  g_autofree char *longest = g_strnfill (AC_COMMENT_MAX_LENGTH, 'x');
  g_autofree char *too_long = g_strconcat (longest, "é", NULL);
  g_autoptr (JsonObject) object = request_with_ids (1);
  g_autoptr (AcOperationRequest) request = NULL;
  g_autoptr (GError) error = NULL;

  json_object_set_string_member (object, "comment", longest);
  request = ac_operation_request_new_from_json (object, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (request->comment, ==, longest);

  json_object_set_string_member (object, "comment", too_long);
  g_assert_null (ac_operation_request_new_from_json (object, &error));
  g_assert_error (error, AC_MODEL_ERROR, AC_MODEL_ERROR_OUT_OF_RANGE);
}

static void
test_a_request_comes_back (void)
{
  const char *ids[] = { "a", "b", NULL };
  g_autoptr (AcOperationRequest) request = ac_operation_request_new (AC_DECISION_UNDO, ids, "oops");
  g_autoptr (JsonObject) object = ac_operation_request_to_json (request);
  g_autoptr (GError) error = NULL;
  g_autoptr (AcOperationRequest) back = ac_operation_request_new_from_json (object, &error);

  g_assert_no_error (error);
  g_assert_null (back->assets);
  g_assert_cmpint (back->decision, ==, AC_DECISION_UNDO);
  g_assert_cmpstrv (back->action_ids, ids);
  g_assert_cmpstr (back->comment, ==, "oops");
}

static void
test_a_request_for_some_assets_comes_back (void)
{
  const char *ids[] = { "a", NULL };
  const char *assets[] = { "b@x", "ä@x", NULL };
  g_autoptr (AcOperationRequest) request = ac_operation_request_new (AC_DECISION_UNDO, ids, NULL);
  g_autoptr (JsonObject) object = NULL;
  g_autoptr (AcOperationRequest) back = NULL;
  g_autoptr (GError) error = NULL;

  ac_operation_request_set_assets (request, assets);
  object = ac_operation_request_to_json (request);
  back = ac_operation_request_new_from_json (object, &error);
  g_assert_no_error (error);
  g_assert_cmpstrv (back->assets, assets);
}

static void
test_an_operation_is_read (void)
{
  g_autoptr (JsonObject) object = object_from_text (
      "{'id':'o','decision':'approve','decidedBy':'j.doe','createdAt':'2026-11-23T20:00:00Z',"
      "'status':'running','counts':{'total':3,'waiting':1,'done':1,'failed':1,'skipped':0},"
      "'items':[{'actionId':'a','status':'failed','state':'failed','detail':'Server down.'}]}");
  g_autoptr (GError) error = NULL;
  g_autoptr (AcOperation) operation =
      ac_operation_new_from_json (object, AC_JSON_LENIENT, NULL, &error);
  AcOperationItem *item;

  g_assert_no_error (error);
  g_assert_false (ac_operation_is_finished (operation));
  g_assert_cmpuint (ac_operation_get_total (operation), ==, 3);
  g_assert_cmpint (ac_operation_get_finished_at (operation), ==, AC_TIME_NONE);
  item = ac_operation_get_items (operation)->pdata[0];
  g_assert_cmpstr (item->detail, ==, "Server down.");
  g_assert_false (item->undo);
  g_assert_null (ac_operation_get_assets (operation));
}

static void
test_what_is_on_the_way_back_is_known (void)
{
  static const struct
  {
    const char *text;
    gboolean undo;
  } table[] = {
    { "'decision':'undo','items':[{'actionId':'a','status':'completed','state':'done'}]", TRUE },
    { "'decision':'retry','items':[{'actionId':'a','status':'completed','state':'done'}]", FALSE },
    { "'decision':'retry','items':[{'actionId':'a','status':'completed','state':'done',"
      "'undo':true}]",
      TRUE },
  };

  for (gsize i = 0; i < G_N_ELEMENTS (table); i++)
    {
      g_autofree char *text = g_strdup_printf (
          "{'id':'o','decidedBy':'j.doe','createdAt':'2026-11-23T20:00:00Z','status':'finished',"
          "'counts':{'total':1,'waiting':0,'done':1,'failed':0,'skipped':0},%s}",
          table[i].text);
      g_autoptr (JsonObject) object = object_from_text (text);
      g_autoptr (AcOperation) operation =
          ac_operation_new_from_json (object, AC_JSON_STRICT, NULL, NULL);
      const AcOperationItem *item = ac_operation_get_items (operation)->pdata[0];

      g_assert_cmpint (item->undo, ==, table[i].undo);
    }
}

static void
test_a_problem_comes_back_with_its_conflicts (void)
{
  g_autoptr (AcProblem) problem =
      ac_problem_new (409, "urn:action-center:problem:conflict", "Conflict", "Already approved");
  g_autoptr (AcProblem) back = NULL;
  g_autoptr (JsonObject) object = NULL;
  AcConflict *conflict;

  ac_problem_add_conflict (problem, "a", "queued", "approve", "j.doe", 1500000);
  object = ac_problem_to_json (problem);
  back = ac_problem_new_from_json (object, 409);
  g_assert_cmpstr (back->detail, ==, "Already approved");
  g_assert_cmpuint (back->conflicts->len, ==, 1);
  conflict = back->conflicts->pdata[0];
  g_assert_cmpstr (conflict->decided_by, ==, "j.doe");
  g_assert_cmpint (conflict->decided_at, ==, 1500000);
}

static void
test_a_strange_problem_is_still_a_problem (void)
{
  g_autoptr (JsonObject) object =
      object_from_text ("{'title':7,'conflicts':[1,{'actionId':2},{'actionId':'a'}]}");
  g_autoptr (AcProblem) problem = ac_problem_new_from_json (object, 500);

  g_assert_cmpuint (problem->status, ==, 500);
  g_assert_cmpstr (problem->type, ==, "about:blank");
  g_assert_cmpstr (problem->title, ==, "Error");
  g_assert_cmpuint (problem->conflicts->len, ==, 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/model/operation/number-of-ids", test_one_to_ten_thousand_ids);
  g_test_add_func ("/model/operation/bad-requests", test_bad_requests_name_the_member);
  g_test_add_func ("/model/operation/comment-length",
                   test_the_length_of_a_comment_counts_characters);
  g_test_add_func ("/model/operation/request-round-trip", test_a_request_comes_back);
  g_test_add_func ("/model/operation/request-for-some-assets",
                   test_a_request_for_some_assets_comes_back);
  g_test_add_func ("/model/operation/read", test_an_operation_is_read);
  g_test_add_func ("/model/operation/on-the-way-back", test_what_is_on_the_way_back_is_known);
  g_test_add_func ("/model/problem/round-trip", test_a_problem_comes_back_with_its_conflicts);
  g_test_add_func ("/model/problem/strange", test_a_strange_problem_is_still_a_problem);
  return g_test_run ();
}
