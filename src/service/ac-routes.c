/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The table of routes; data/openapi.yaml describes exactly these. */
#include "config.h"

#include "service/ac-routes.h"

const AcRoute ac_routes[] = {
  { "GET", "/healthz", AC_ACCESS_OPEN, 0, ac_routes_get_health },
  { "GET", "/me", AC_ACCESS_TOKEN, 0, ac_routes_get_me },
  { "GET", "/actions", AC_ACCESS_PERMISSION, AC_PERMISSION_READ, ac_routes_list_actions },
  /* Before those with an id. */
  { "GET", "/actions/filters", AC_ACCESS_PERMISSION, AC_PERMISSION_READ, ac_routes_list_values },
  { "GET", "/actions/{id}", AC_ACCESS_PERMISSION, AC_PERMISSION_READ, ac_routes_get_action },
  { "GET", "/actions/{id}/instances", AC_ACCESS_PERMISSION, AC_PERMISSION_READ,
    ac_routes_list_instances },
  { "GET", "/actions/{id}/targets", AC_ACCESS_PERMISSION, AC_PERMISSION_READ,
    ac_routes_list_targets },
  { "POST", "/actions/{id}/looks", AC_ACCESS_PERMISSION, AC_PERMISSION_DECIDE,
    ac_routes_post_look },
  { "GET", "/actions/{id}/message", AC_ACCESS_PERMISSION, AC_PERMISSION_DECIDE,
    ac_routes_get_message, TRUE },
  { "GET", "/operations", AC_ACCESS_PERMISSION, AC_PERMISSION_READ, ac_routes_list_operations },
  { "POST", "/operations", AC_ACCESS_PERMISSION, AC_PERMISSION_DECIDE, ac_routes_post_operation },
  { "GET", "/operations/{id}", AC_ACCESS_PERMISSION, AC_PERMISSION_READ, ac_routes_get_operation },
  { "DELETE", "/operations/{id}", AC_ACCESS_PERMISSION, AC_PERMISSION_DECIDE,
    ac_routes_delete_operation },
  { "POST", "/investigations", AC_ACCESS_PERMISSION, AC_PERMISSION_POST_INVESTIGATIONS,
    ac_routes_post_investigation },
  { "GET", "/investigations", AC_ACCESS_PERMISSION, AC_PERMISSION_READ,
    ac_routes_list_investigations },
  { "GET", "/investigations/{id}", AC_ACCESS_PERMISSION, AC_PERMISSION_READ,
    ac_routes_get_investigation },
  { "GET", "/investigations/{id}/log", AC_ACCESS_PERMISSION, AC_PERMISSION_READ,
    ac_routes_list_investigation_log },
  { "GET", "/messages", AC_ACCESS_PERMISSION, AC_PERMISSION_READ, ac_routes_list_messages, TRUE },
  { "POST", "/proposals", AC_ACCESS_PERMISSION, AC_PERMISSION_READ, ac_routes_post_proposal },
  { "POST", "/submissions", AC_ACCESS_PERMISSION, AC_PERMISSION_READ, ac_routes_post_submission },
  { "GET", "/submissions", AC_ACCESS_PERMISSION, AC_PERMISSION_READ, ac_routes_list_submissions },
  { "GET", "/submissions/{id}", AC_ACCESS_PERMISSION, AC_PERMISSION_READ,
    ac_routes_get_submission },
  { "POST", "/submissions/{id}/result", AC_ACCESS_PERMISSION, AC_PERMISSION_JUDGE,
    ac_routes_post_submission_result },
  { "POST", "/exports", AC_ACCESS_PERMISSION, AC_PERMISSION_READ, ac_routes_post_export },
  { "GET", "/changes", AC_ACCESS_PERMISSION, AC_PERMISSION_READ, ac_routes_list_changes },
  { "GET", "/changes/stream", AC_ACCESS_PERMISSION, AC_PERMISSION_READ, NULL },
};

const gsize ac_n_routes = G_N_ELEMENTS (ac_routes);
